import assert from "node:assert/strict";
import { test } from "node:test";
import { cases, close, kept, module, view } from "./given.mjs";

const { answered, begun, given, heat, isAtEnd, luck, megabytes, nextSeed, taken, timeLeft, tokens } =
  await module("own_prompt/state.mjs");
const { rules } = await module("next_token/state.mjs");
const { tokens: likeliest, falling } = kept("breakfast");
const order = Uint16Array.from(falling.keys());
const names = [...likeliest, "the last known"];
const answer = (written = []) => ({ prompt: ["For"], written, over: false, order, falling });

test("what is taken is what Python picks, and its surprise is the model's", () => {
  for (const { state, rank, bits } of cases("own_prompt")) {
    const text = taken(answered(begun(1), answer(), names), view(state));
    const [one] = text.written;
    assert.equal(one.token, rank - 1);
    close(one.bits, bits, 1e-9);
    assert.deepEqual([one.u, one.temperature, one.word], [state.u, state.temperature, names[rank - 1]]);
    assert.ok(isAtEnd(text) && text.scores === undefined);
  }
});

test("a token drawn at an earlier place takes the place of what stood there and after", () => {
  const [{ state }] = cases("own_prompt");
  const again = (text) => taken(answered(text, answer(text.written.map(() => "x")), names), view(state));
  const three = again(again(again(begun(1)))),
    back = { ...three, at: 1 };
  assert.deepEqual([three.written.length, tokens(three).length, tokens(back).length], [3, 3, 1]);
  assert.ok(!isAtEnd(back));
  assert.deepEqual([again(back).written.length, again(back).at], [2, 2]);
});

test("an answer names the tokens that it was told, and leaves those after it", () => {
  const text = { ...begun(1), written: [{ word: "a" }, { word: "b" }], at: 1 };
  const now = answered(text, answer(["A"]), names);
  assert.deepEqual(
    now.written.map(({ word }) => word),
    ["A", "b"],
  );
  assert.deepEqual([now.prompt, now.scores.name(1), now.scores.token(2)], [["For"], likeliest[0], 1]);
});

test("the luck of a seed is Python's, place by place", () => {
  for (const { seed, numbers } of cases("luck"))
    close(
      numbers.map((_, place) => luck(seed, place)),
      numbers,
      0,
    );
  assert.deepEqual([nextSeed(7), nextSeed(9999)], [8, 0]);
});

test("a question is given as the committed dialogue is", () => {
  assert.equal(given("Can penguins fly?", true), cases("luck")[0].question);
  assert.equal(given("Once", false), "Once");
});

test("surprise has a fullest colour, and what is left a word", () => {
  assert.deepEqual([0, 5, 10, 40].map(heat), [0, 0.5, 1, 1]);
  assert.equal(megabytes(98_362_432), 98);
  assert.equal(timeLeft(10, 40, 2000), "8 s left");
  assert.equal(timeLeft(1, 99, 6000), "10 min left");
  assert.equal(timeLeft(0, 99, 6000), "");
});

test("a link gives back a prompt of any letters, and refuses what no figure has", () => {
  for (const text of ["The sea & the sky = blue?", "日本語 + 🙂\n%20", ""]) {
    const { read, write, accepts } = rules.text;
    assert.equal(read(new URLSearchParams(`text=${write(text)}`).get("text")), text);
    assert.ok(accepts(text));
  }
  assert.ok(!rules.text.accepts("a".repeat(2001)));
  for (const yes of [true, false]) assert.equal(rules.dialogue.read(rules.dialogue.write(yes)), yes);
  assert.ok(!rules.dialogue.accepts(rules.dialogue.read("maybe")));
  for (const seed of ["-1", "1.5", "10000", "x"]) assert.ok(!rules.seed.accepts(rules.seed.read(seed)), seed);
  assert.ok(rules.seed.accepts(rules.seed.read("9,999")));
});
