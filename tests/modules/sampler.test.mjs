import assert from "node:assert/strict";
import { test } from "node:test";
import { cases, close, module, view } from "./given.mjs";

const { bounds, chosen, drawn, picksByTemperature, probabilities, sentence } = await module("sampler/state.mjs");

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
