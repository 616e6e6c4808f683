import assert from "node:assert/strict";
import { test } from "node:test";
import { cases, close, module, view } from "./given.mjs";

const { distribution, experiment, functionName, logitsOf, place, probabilities, sentence } =
  await module("simplex/state.mjs");

test("p, the draws and what is counted of them are Python's", () => {
  for (const one of cases("simplex")) {
    const seen = view(one.state),
      { draws, largest, mean, zeros } = experiment(seen);
    close(probabilities(seen), one.p);
    close(draws, one.draws);
    close(mean, one.mean);
    assert.deepEqual(largest, one.largest);
    assert.equal(zeros, one.zeros);
    assert.ok(sentence(seen).startsWith(`${one.name} at T = `) && sentence(seen).endsWith(` zero: ${one.zeros}.`));
    assert.equal(functionName(seen), one.name);
  }
});

test("the draws change with the seed and back", () => {
  const [one, other] = [1, 2].map((seed) => view({ ...cases("simplex")[0].state, seed }));
  const before = experiment(one).mean;
  assert.notDeepEqual(experiment(other).mean, before);
  assert.deepEqual(experiment(one).mean, before);
});

test("a place is a distribution, and back", () => {
  for (const { p, onto } of cases("simplex")) {
    close(distribution(...place(p)), p);
    close(distribution(...onto.from), onto.to);
  }
});

test("a distribution becomes logits that have it", () => {
  for (const { state, inside, corner } of cases("simplex")) {
    const still = view(state),
      logits = logitsOf(still, inside),
      T = still.temperature === 0 || still.temperature === Infinity ? 1 : still.temperature;
    assert.ok(logits.every((z) => Math.abs(z) <= 5 && Number(z.toFixed(2)) === z));
    const reached = probabilities(view({ ...state, logits, temperature: T }));
    if (T <= 2) close(reached, inside, 0.01 / T); // hotter, the logits may end before the distribution is reached
    const cornered = logitsOf(still, corner);
    assert.equal(cornered.indexOf(Math.max(...cornered)), corner.indexOf(1));
  }
});
