import assert from "node:assert/strict";
import { test } from "node:test";
import { cases, close, module, view } from "./given.mjs";

const { bounds, chosen, drawn, picksByTemperature, probabilities, progress, sentence, TRIES } =
  await module("sampler/state.mjs");

test("u picks whom Python picks, at every temperature, and draws as Python draws", () => {
  for (const { state, p, pick, steps, after } of cases("sampler")) {
    const here = view(state),
      found = probabilities(here),
      flips = picksByTemperature(here);
    close(found, p);
    assert.equal(chosen(here, found), pick);
    for (const [T, wanted] of steps) assert.equal(flips.findLast(([from]) => from <= T)[1], wanted, `at T = ${T}`);
    assert.deepEqual(drawn(here), after);
    const label = state.labels[pick];
    assert.ok(
      sentence(here).includes(state.gumbel ? `With this noise ${label} has` : `picks ${label}, from`),
      sentence(here),
    );
  }
});

test("the segment that u falls on holds it", () => {
  for (const { state, pick } of cases("sampler").filter(({ state }) => !state.gumbel)) {
    const [low, u, high] = bounds(probabilities(view(state)), pick, state.u).map(Number);
    assert.ok(low <= u && u < high, `${low} ${u} ${high}`);
  }
});

test("the tries open one after the other; the last is done when the pick of the same u flips", () => {
  const at = (T, count) => Array.from({ length: count }, () => ({ class: 1, u: 0.7, temperature: T, gumbel: false }));
  const open = (picks, now = 1) => progress(view({ picks, u: 0.7, gumbel: false }), now);
  assert.deepEqual(open([]), { open: 0, flipped: null });
  assert.equal(open(at(1, 2)).open, 0);
  assert.equal(open(at(1, 3)).open, 1);
  assert.equal(open([...at(1, 3), ...at(4.9, 9)]).open, 1);
  assert.equal(open([...at(1, 3), ...at("Infinity", 3)]).open, 2);
  const all = [...at(1, 3), ...at(5, 3), ...at(0.2, 3)];
  assert.deepEqual(open(all), { open: TRIES.length - 1, flipped: null });
  assert.equal(open(all, 0).flipped, all.at(-1));
  assert.equal(progress(view({ picks: all, u: 0.6, gumbel: false }), 0).flipped, null);
});
