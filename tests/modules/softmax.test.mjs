import assert from "node:assert/strict";
import { test } from "node:test";
import { cases, close, module } from "./given.mjs";

const { chiSquared, crossEntropy, entropy, gradient, gumbelNoise, mulberry32, perplexity, pick, softmax } =
  await module("base/softmax.mjs");

test("the mathematics is softmax_lib's", () => {
  for (const one of cases("softmax")) {
    const { logits, us, target } = one,
      p = softmax(logits, Number(one.temperature));
    close(p, one.p);
    close(entropy(p), one.entropy);
    close(perplexity(p), one.perplexity);
    assert.deepEqual(
      us.map((u) => pick(p, u)),
      one.picks,
    );
    close(crossEntropy(logits, target), one.loss);
    close(gradient(logits, target), one.gradient);
    const { statistic, degrees } = chiSquared(one.counts, 1000, softmax(logits));
    assert.equal(degrees, one.degrees);
    if (degrees) close(statistic, one.statistic, 1e-9);
  }
});

test("the random numbers are Python's", () => {
  cases("softmax").forEach(({ uniforms, us, noise }, seed) => {
    assert.deepEqual(Array.from({ length: uniforms.length }, mulberry32(seed)), uniforms);
    close(gumbelNoise(us[0], noise.length), noise);
  });
});
