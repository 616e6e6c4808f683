import assert from "node:assert/strict";
import { test } from "node:test";
import { cases, module } from "./given.mjs";

const { decimals, minus, temperatureText, whole } = await module("base/numbers.mjs");
const { number, shared, unfinished, wholeNumber } = await module("base/state.mjs");
const { apart } = await module("base/uniform.mjs");

test("numbers are written as Python writes them", () => {
  for (const { x, text } of cases("numbers")) assert.equal(decimals(x), text);
  assert.deepEqual(
    [minus(-1.5), temperatureText(Infinity), temperatureText(0.3), whole(49152)],
    ["−1.5", "∞", "0.3", "49,152"],
  );
});

test("a link is read as it was written, and nothing else is a number", () => {
  const { logits, temperature } = shared;
  for (const T of [0, 0.05, 0.7, 20, "Infinity"]) assert.equal(temperature.read(temperature.write(T)), T);
  assert.deepEqual(logits.read(logits.write([2, -0.5, 0])), [2, -0.5, 0]);
  for (const text of ["", " ", "0x10", "1e", "ten", "--1", "1,2,3"]) assert.ok(Number.isNaN(number(text)), text);
  for (const T of [-1, 0.01, 21, NaN, null, "1"]) assert.equal(temperature.accepts(T), false, String(T));
  for (const z of [[1], [1, 6], [1, NaN], "12"]) assert.equal(logits.accepts(z, [0, 0]), false, String(z));
});

test("a number is read as people write it, and a long text is none at once", () => {
  for (const [text, value] of Object.entries({ "1,5": 1.5, "−1.5": -1.5, "+.5": 0.5, " 2 ": 2, "5e−1": 0.5, "2,": 2 }))
    assert.equal(number(text), value, text);
  for (const [text, value] of Object.entries({ "4,000": 4000, "1,234,567": 1234567, "1e3": 1000 }))
    assert.equal(wholeNumber(text), value, text);
  for (const text of ["1,5", "1.5", "1,00", ",000"]) assert.ok(Number.isNaN(wholeNumber(text)), text);
  for (const text of ["", "-", "1e", "1e−", "."]) assert.ok(unfinished(text), text);
  const begun = performance.now();
  for (const digits of ["1".repeat(1e5), `${"1,".repeat(5e4)}x`, " ".repeat(1e5), `${"1".repeat(1e5)}e`]) {
    assert.ok(Number.isNaN(number(digits)) && Number.isNaN(wholeNumber(digits)));
    assert.equal(unfinished(digits), false);
  }
  assert.ok(performance.now() - begun < 100);
});

test("the ends of a segment are written so that they differ", () => {
  assert.deepEqual(apart([0, 0.5, 1]), ["0", "0.500", "1"]);
  assert.deepEqual(apart([0.12341, 0.12342, 0.1239]), ["0.12341", "0.12342", "0.12390"]);
  assert.deepEqual(apart([0, 0.0004, 0.0005]), ["0", "0.0004", "0.0005"]);
});
