import assert from "node:assert/strict";
import { test } from "node:test";
import { module } from "./given.mjs";

const { swept } = await module("large_dial/state.mjs");

test("the sweep begins and ends at 1, is coldest at 0.3, then hottest at 3, and never jumps", () => {
  const seen = Array.from({ length: 3800 / 20 }, (_, step) => swept(20 * step));
  assert.equal(seen[0], 1);
  assert.equal(Math.min(...seen), 0.3);
  assert.equal(Math.max(...seen), 3);
  assert.ok(seen.indexOf(0.3) < seen.indexOf(3));
  for (const [step, T] of seen.entries())
    assert.ok(!step || Math.abs(Math.log(T / seen[step - 1])) < 0.06, `at ${step}`);
  assert.ok(Math.abs(Math.log(seen.at(-1))) < 0.06);
  assert.equal(swept(3800), undefined);
});
