// The only mathematics written in JavaScript; the tests compare it with softmax_lib in the browser.

// Shift by the largest logit first, then divide by T: no sum overflows and the winner's weight is 1.
export function softmax(logits, T = 1) {
  const top = Math.max(...logits);
  const weights = logits.map((z) => {
    if (T === 0) return Number(z === top); // ties share
    if (T === Infinity) return Number(z > -Infinity); // all that are possible share
    return Math.exp((z - top) / T);
  });
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

// In nats; a class of probability 0 adds nothing.
export const entropy = (p) => p.reduce((sum, q) => (q > 0 ? sum - q * Math.log(q) : sum), 0);

// How many equally likely classes would be as uncertain.
export const perplexity = (p) => Math.exp(entropy(p));

export function cumulative(p) {
  let sum = 0;
  return p.map((q) => (sum += q));
}

// The first class whose cumulative probability exceeds u in [0, 1). Where rounding leaves the last sum at u or
// below it, the class that reached that sum: never one of probability 0.
export function pick(p, u) {
  const sums = cumulative(p), first = sums.findIndex((sum) => sum > u);
  return first >= 0 ? first : sums.indexOf(sums.at(-1));
}

// A small seeded generator of uniforms in [0, 1); its Python twin is mulberry32.py.
export function mulberry32(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
