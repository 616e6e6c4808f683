// The modules under test, what Python says of them, and how near two numbers must be.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { inflateRawSync } from "node:zlib";

const { LIVE, CASES } = process.env; // a folder and a file, by test_modules.py
export const module = (path) => import(new URL(path, pathToFileURL(`${LIVE}/`)));
export const cases = (name) => JSON.parse(readFileSync(CASES, "utf-8"))[name];

// What the next-token explorer knows of these prompts: { tokens, falling } as they are kept, and its scores of them.
const { FILES, scores, unpacked } = await module("next_token/state.mjs");
export const kept = (prompt) => unpacked(inflateRawSync(readFileSync(`${LIVE}/next_token/${FILES[prompt]}`)));
export const scoresOf = (prompts) =>
  Object.fromEntries(
    prompts.map((prompt) => {
      const { tokens, falling } = kept(prompt);
      return [prompt, scores(tokens, falling)];
    }),
  );

// What a figure's functions are given, without a page.
export const view = (state) => ({
  get: (key) => state[key],
  get labels() {
    return state.labels;
  },
  get logits() {
    return state.logits;
  },
  get temperature() {
    return Number(state.temperature);
  },
});

export function close(found, wanted, tolerance = 1e-12) {
  if (Array.isArray(wanted)) {
    assert.equal(found.length, wanted.length);
    for (const [k, one] of wanted.entries()) close(found[k], one, tolerance);
    return;
  }
  const goal = Number(wanted),
    gap = Math.abs(found - goal);
  assert.ok(found === goal || gap <= tolerance * Math.max(1, Math.abs(goal)), `${found} is not ${goal}`);
}
