import assert from "node:assert/strict";
import { test } from "node:test";
import { cases, close, module, scoresOf, view } from "./given.mjs";

const { across, drawn, marked, moved, outcome, rules, SETTINGS, sentence, slots, VOCABULARY } =
  await module("next_token/state.mjs");
const known = scoresOf(["breakfast", "story"]);

test("what the steps leave, and what is drawn, is Python's", () => {
  for (const { state, steps, rank, token, p, rest, after } of cases("next_token")) {
    const here = view(state),
      one = known[state.prompt],
      now = outcome(here, one);
    assert.deepEqual(
      now.steps.map(({ name, left }) => [name, left]),
      steps.map(({ name, left }) => [name, left]),
    );
    close(
      now.steps.map(({ mass }) => mass),
      steps.map(({ mass }) => mass),
      1e-9,
    );
    close(
      now.steps.map(({ nats }) => nats),
      steps.map(({ entropy }) => entropy),
      1e-9,
    );
    assert.equal(now.rank, rank);
    assert.equal(now.name(now.rank), token);
    close(
      p.map((_, k) => now.after(k + 1)),
      p,
      1e-9,
    );
    close(now.rest(8), rest, 1e-9);
    close(
      now.sum(3),
      p.slice(0, 3).reduce((sum, q) => sum + q, 0),
      1e-9,
    );
    assert.deepEqual(drawn(here, one, 4), after);
    assert.ok(sentence(here, one).includes(`“${now.name(1)}” leads with`));
  }
});

test("the slots are the likeliest and the rest, and together certain", () => {
  for (const { state } of cases("next_token")) {
    const now = outcome(view(state), known[state.prompt]),
      { named, p, names } = slots(now);
    assert.equal(named, Math.min(4, now.left));
    assert.deepEqual([p.length, names.at(-1)], now.left > 4 ? [5, "rest"] : [named, marked(now.name(named))]);
    close(
      p.reduce((sum, q) => sum + q, 0),
      1,
      1e-9,
    );
  }
});

test("a step moves by one place, not beyond an end", () => {
  const order = ["a", "b", "c"];
  assert.deepEqual(moved(order, "b", -1), ["b", "a", "c"]);
  assert.deepEqual(moved(order, "b", 1), ["a", "c", "b"]);
  assert.deepEqual([moved(order, "a", -1), moved(order, "c", 1)], [null, null]);
  assert.deepEqual(order, ["a", "b", "c"]);
});

test("a setting's slider gives back what it was given, and a link takes what a setting takes", () => {
  for (const [name, value] of [
    ["top_k", 1],
    ["top_k", 40],
    ["top_k", VOCABULARY],
    ["top_p", 0.9],
    ["min_p", 0],
    ["min_p", 0.05],
    ["min_p", 1],
  ]) {
    const { at, from, accepts } = SETTINGS[name],
      rule = rules[name];
    assert.equal(from(at(value)), value, `${name} = ${value}`);
    assert.ok(accepts(value) && rule.accepts(rule.read(rule.write(value))));
  }
  for (const [name, text] of [
    ["top_k", "0"],
    ["top_k", "1.5"],
    ["top_p", "0"],
    ["top_p", "1.1"],
    ["min_p", "-0.1"],
    ["prompt", "lunch"],
    ["prompt", "toString"],
    ["order", "temperature"],
    ["order", "top_k,top_k,top_p,min_p"],
  ])
    assert.ok(!rules[name].accepts(rules[name].read(text)), `${name}=${text}`);
  assert.deepEqual([across(1), across(VOCABULARY)], [0, 1]);
});
