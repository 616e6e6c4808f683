import assert from "node:assert/strict";
import { test } from "node:test";
import { cases, close, module, view } from "./given.mjs";

const { games, MOST, pulled, rules, sentence } = await module("bandit/state.mjs");

test("both games are Python's, and so are the words", () => {
  for (const { state, means, values, pulls, regrets, theirs, words } of cases("bandit")) {
    const now = games(view(state));
    close(now.mine.means, means);
    close(now.mine.values, values);
    assert.deepEqual(now.mine.pulls, pulls);
    close(now.mine.regrets, regrets);
    close(now.theirs.regrets, theirs);
    for (const word of words) assert.ok(sentence(view(state)).includes(word), `${word} in ${sentence(view(state))}`);
  }
});

test("a pull joins the last of its kind, and a game ends", () => {
  for (const { state, after } of cases("bandit")) {
    const n = state.played.reduce((sum, [, count]) => sum + count, 0);
    assert.deepEqual(pulled(view(state), "D", 1), after);
    assert.equal(pulled(view(state), "D", MOST - n + 1), null);
    assert.notEqual(pulled(view(state), "D", MOST - n), null);
  }
});

test("a seed is a whole number of 32 bits", () => {
  for (const seed of [0, 7, 2 ** 32 - 1]) assert.ok(rules.seed.accepts(rules.seed.read(String(seed))));
  for (const text of ["-1", "1.5", "4294967296", "", "seven"])
    assert.ok(!rules.seed.accepts(rules.seed.read(text)), text);
});
