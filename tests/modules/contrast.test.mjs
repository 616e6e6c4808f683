import assert from "node:assert/strict";
import { test } from "node:test";
import { cases, close, module, view } from "./given.mjs";

const { angleAt, isAngle, place, seen, sentence, stepped } = await module("contrast/state.mjs");
const state = { labels: ["cat", "dog", "owl"], angles: [90, 20, 160], angle: 60, temperature: 1 };

test("cosines, push, and the turn of a step are Python's", () => {
  for (const one of cases("contrast")) {
    const found = seen(view(one.state));
    for (const key of ["cosines", "push", "pushers", "left", "turn"]) close(found[key], one[key]);
    close(
      found.push.reduce((sum, share) => sum + share),
      1,
    );
    const away = Math.abs(stepped(view(one.state)) - one.stepped);
    assert.ok(Math.min(away, 360 - away) < 0.0501, `${stepped(view(one.state))} is not ${one.stepped}`);
    assert.ok(stepped(view(one.state)) < 360);
  }
});

test("a place is an angle, and back", () => {
  for (const one of cases("contrast")) {
    const [x, y] = place(one.state.angle);
    close([x, y], one.place);
    assert.ok(Number.isInteger(angleAt(x, y)) && Math.abs(angleAt(x, y) - one.state.angle) < 0.5001);
    close(place(one.state.angle, 1), [2 * x - 0.5, 2 * y - 0.5]);
  }
});

test("angles go all the way round, and no further", () => {
  assert.deepEqual([-1, 0, 200.5, 360, 361, NaN].map(isAngle), [false, true, true, true, false, false]);
});

test("the sentence names who pushes, and where a step goes", () => {
  const said = (change) => sentence(view({ ...state, ...change }));
  assert.match(
    said({}),
    /^At T = 1, dog does 0\.\d{3} of the pushing; 1\.\d\d of 2 negatives push\. .* towards cat\.$/,
  );
  assert.match(
    said({ angle: 90 }),
    /dog, owl each do 0\.500 of the pushing; 2\.00 of 2 .* hardly moves the picture\.$/,
  );
  assert.match(said({ angle: 120 }), /^At T = 1, owl does .* towards cat\.$/);
  assert.match(
    said({ temperature: 0 }),
    /^At T = 0, dog does 1 of the pushing; 1\.00 of 2 .* together is 0: a step hardly/,
  );
  assert.match(said({ temperature: "Infinity" }), /^At T = ∞, dog, owl each do 0\.500 /);
  assert.match(said({ angles: [90, 65, 160], temperature: 0.1, angle: 68 }), / towards cat\.$/);
  assert.match(said({ angles: [90, 120, 121], angle: 89 }), / away from cat\.$/);
});
