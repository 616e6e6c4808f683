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

// What the softmax replaces: each value over the sum of all, NaN if that is 0. In decimals: 0.1 + 0.2 − 0.3 is 0 here.
const plain = (x) => Number(x.toFixed(12));
export function shares(values) {
  const total = plain(values.reduce((sum, value) => sum + plain(value), 0));
  return values.map((value) => (total === 0 ? NaN : plain(value) / total));
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
export const pick = (p, u) => picker(p)(u);

// The same for many u: p is added up once.
export function picker(p) {
  const sums = cumulative(p), last = sums.indexOf(sums.at(-1));
  return (u) => {
    const first = sums.findIndex((sum) => sum > u);
    return first >= 0 ? first : last;
  };
}

// --- the cross-entropy of one class, and its gradient by the logits
export function crossEntropy(logits, target) { // the largest logit leaves the sum, so that a small loss keeps its digits
  const best = argmax(logits), top = logits[best];
  const rest = logits.reduce((sum, z, k) => (k === best ? sum : sum + Math.exp(z - top)), 0);
  return top - logits[target] + Math.log1p(rest);
}

export const gradient = (logits, target) => softmax(logits).map((q, k) => q - Number(k === target));

// The same with a softmax too many: the loss takes probabilities for logits, and what it sends back passes both.
export const doubledLoss = (logits, target) => crossEntropy(softmax(logits), target);

export function doubledGradient(logits, target) {
  const p = softmax(logits), outer = gradient(p, target);
  const mean = p.reduce((sum, q, k) => sum + q * outer[k], 0);
  return p.map((q, k) => q * (outer[k] - mean));
}

export const doubledFloor = (classes) => Math.log(Math.E + classes - 1) - 1;

// --- shares of n draws against p
export const largestError = (counts, n, p) => Math.max(...counts.map((count, k) => Math.abs(count / n - p[k])));

// Two standard errors: about 95 of 100 shares lie within p ± this.
export const twoErrors = (p, n) => 2 * Math.sqrt(p * (1 - p) / n);

// Pearson's chi-squared. From the rarest class up, classes share a bin until it expects ENOUGH draws; what is left
// over joins the last bin. The Python twin is chi_squared.py.
const ENOUGH = 5;
export function chiSquared(counts, n, p) {
  const bins = [];
  let bin = { expected: 0, count: 0 };
  for (const k of p.map((_, k) => k).sort((a, b) => p[a] - p[b])) {
    bin.expected += n * p[k];
    bin.count += counts[k];
    if (bin.expected < ENOUGH) continue;
    bins.push(bin);
    bin = { expected: 0, count: 0 };
  }
  const last = bins.at(-1);
  if (last) Object.assign(last, { expected: last.expected + bin.expected, count: last.count + bin.count });
  const statistic = bins.reduce((sum, { expected, count }) => sum + (count - expected) ** 2 / expected, 0);
  return { statistic, degrees: Math.max(0, bins.length - 1) };
}

// Chi-squared with 1 to 9 degrees of freedom exceeds these in 1 of 100 experiments of a sampler that is right.
export const LIMITS = [6.6349, 9.2103, 11.3449, 13.2767, 15.0863, 16.8119, 18.4753, 20.0902, 21.6660];

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

// One Gumbel number a class, −ln(−ln w), from a generator seeded by u; its Python twin is gumbel_noise in mulberry32.py.
export function gumbelNoise(u, classes) {
  const next = mulberry32(Math.floor(u * 2 ** 32));
  return Array.from({ length: classes }, () => -Math.log(-Math.log(next() || 2 ** -33))); // w = 0 has no logarithm
}

// Gumbel-max: the largest of ln p + noise. (ln p is z/T up to a constant, which favours nobody.)
export const gumbelTotals = (p, noise) => p.map((q, k) => Math.log(q) + noise[k]);

export const argmax = (values) => values.indexOf(Math.max(...values));

// Where `choose`, from a temperature to a class, changes its mind along rising temperatures: [[T, class from T on], …].
export function flips(choose, temperatures) {
  const found = [[temperatures[0], choose(temperatures[0])]];
  let [[low, last]] = found;
  for (const T of temperatures) {
    for (const next = choose(T); last !== next; found.push([low, last])) {
      let high = T;
      for (let step = 0; step < 48; step++) { // halve the interval in which the pick leaves `last`
        const middle = Math.sqrt(low * high);
        if (choose(middle) === last) low = middle;
        else high = middle;
      }
      [low, last] = [high, choose(high)];
    }
    low = T;
  }
  return found;
}
