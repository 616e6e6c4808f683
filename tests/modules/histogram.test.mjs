import assert from "node:assert/strict";
import { test } from "node:test";
import { cases, close, module, view } from "./given.mjs";

const { emptied, experiment, MARKS, sentence } = await module("histogram/state.mjs");

const drawn = ({ p, state }) => {
  const run = experiment(p.map(Number), state.seed);
  assert.equal(run.draw(state.draws), true);
  return run;
};

test("the draws are Python's, and so are the words", () => {
  for (const one of cases("histogram")) {
    const run = drawn(one),
      said = sentence(view(one.state), { run, cleared: false });
    assert.deepEqual(run.counts, one.counts);
    if (one.error !== null) close(run.error, one.error);
    assert.ok(said.includes(one.words), `${one.words} in ${said}`);
  }
});

test("drawing in parts gives the same draws, and the error is noted at its marks", () => {
  for (const one of cases("histogram")) {
    const whole = drawn(one),
      parts = experiment(one.p.map(Number), one.state.seed);
    for (const share of [0.1, 0.5, 1]) parts.draw(Math.round(share * one.state.draws));
    assert.deepEqual(parts.counts, whole.counts);
    assert.deepEqual(parts.errors, whole.errors);
    assert.equal(whole.errors.length, MARKS.filter((mark) => mark <= one.state.draws).length);
  }
});

test("drawing stops when its time is over", () => {
  const run = experiment([0.5, 0.5], 1);
  assert.equal(run.draw(1e6, performance.now()), false);
  assert.ok(run.n > 0 && run.n < 1e6);
});

test("what is cleared begins again with the next seed", () => {
  assert.deepEqual(emptied(view({ seed: 3 })), { draws: 0, seed: 4 });
  assert.deepEqual(emptied(view({ seed: 2 ** 32 - 1 })), { draws: 0, seed: 0 });
  const run = experiment([1], 1);
  assert.match(sentence(view({}), { run, cleared: true }), /^The probabilities changed/);
});
