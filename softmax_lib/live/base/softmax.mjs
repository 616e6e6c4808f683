// The only mathematics written in JavaScript, of all figures; the tests compare it with Python in the browser.

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

// --- relatives of the softmax: (1 + (α − 1)(z/T − λ)) to the power 1/(α − 1), 0 where that has no root; α = 2 is
// sparsemax. By Newton's method λ climbs from 0, for z/T with its largest at 0, until the sum is 1.
export function entmax(logits, T, alpha) {
  if (alpha === 1 || T === 0 || T === Infinity) return softmax(logits, T);
  const a = alpha - 1,
    best = Math.max(...logits),
    exponents = logits.map((z) => (z - best) / T);
  for (let threshold = 0; ; ) {
    const left = exponents.map((x) => Math.max(0, 1 + a * (x - threshold))),
      p = left.map((base) => base ** (1 / a)),
      sum = total(p),
      slope = total(p.map((q, k) => (q > 0 ? q / left[k] : 0)));
    const higher = threshold - (Math.expm1(-a * Math.log(sum)) / a) * (sum / slope);
    if (!(higher > threshold)) return p.map((q) => q / sum);
    threshold = higher;
  }
}

// Logits with this distribution; a class of probability 0 gets the highest that still has it, or for the softmax the
// one of LEAST.
const LEAST = 1e-4;
export const entmaxLogits = (p, T, alpha) =>
  p.map((q) => T * (alpha === 1 ? Math.log(Math.max(q, LEAST)) : q ** (alpha - 1) / (alpha - 1)));

// --- contrast on a circle; the Python twin is contrast.py. Where a picture lies and where captions do, in degrees from
// the right; the first caption is the picture's own.
const radians = (degrees) => (degrees * Math.PI) / 180;
export const circleCosines = (angle, angles) =>
  angles.map((at) => Number(Math.cos(radians(angle - at)).toFixed(12)) + 0);

// What each of the others has of the push.
export const pushShares = (cosines, T) => softmax(cosines.slice(1), T);

// T times the slope by which descent on −ln p of the own caption turns the picture; above 0 is anticlockwise.
export function circleTurn(angle, angles, T) {
  const p = softmax(circleCosines(angle, angles), T);
  return angles.reduce((sum, at, k) => sum + (p[k] - Number(k === 0)) * Math.sin(radians(angle - at)), 0);
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
  const sums = cumulative(p),
    last = sums.indexOf(sums.at(-1));
  return (u) => {
    const first = sums.findIndex((sum) => sum > u);
    return first >= 0 ? first : last;
  };
}

// --- the cross-entropy of one class, and its gradient by the logits
export function crossEntropy(logits, target, T = 1) {
  // the largest logit leaves the sum, so that a small loss keeps its digits
  const best = argmax(logits),
    top = logits[best],
    below = (z) => (z === top ? 0 : (top - z) / T);
  const rest = logits.reduce((sum, z, k) => (k === best ? sum : sum + Math.exp(-below(z))), 0);
  return below(logits[target]) + Math.log1p(rest);
}

export const gradient = (logits, target) => softmax(logits).map((q, k) => q - Number(k === target));

// The same with a softmax too many: the loss takes probabilities for logits, and what it sends back passes both.
export const doubledLoss = (logits, target) => crossEntropy(softmax(logits), target);

export function doubledGradient(logits, target) {
  const p = softmax(logits),
    outer = gradient(p, target);
  const mean = p.reduce((sum, q, k) => sum + q * outer[k], 0);
  return p.map((q, k) => q * (outer[k] - mean));
}

export const doubledFloor = (classes) => Math.log(Math.E + classes - 1) - 1;

// --- shares of n draws against p
export const largestError = (counts, n, p) => Math.max(...counts.map((count, k) => Math.abs(count / n - p[k])));

// Two standard errors: about 95 of 100 shares lie within p ± this.
export const twoErrors = (p, n) => 2 * Math.sqrt((p * (1 - p)) / n);

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
export const LIMITS = [6.6349, 9.2103, 11.3449, 13.2767, 15.0863, 16.8119, 18.4753, 20.0902, 21.666];

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

// One Gumbel number a class, −ln(−ln w), from a generator seeded by u.
// Its Python twin is gumbel_noise in mulberry32.py.
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
      for (let step = 0; step < 48; step++) {
        // halve the interval in which the pick leaves `last`
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

// --- classifier-free guidance in one dimension; the Python twin is guidance.py. Two equally likely classes, each of
// Gaussian modes with standard deviation 1, at `modes` and at `others`.
const total = (values) => values.reduce((a, b) => a + b, 0);
const weighted = (shares, values) => total(shares.map((share, k) => share * values[k]));

function logSumExp(logs) {
  const top = Math.max(...logs);
  return top + Math.log(total(logs.map((log) => Math.exp(log - top))));
}

const logParts = (x, places) => places.map((place) => -((x - place) ** 2) / 2 - Math.log(places.length));

// ln p(x|class) up to a constant, for both classes: their softmax is p(class|x).
export const classLogits = (x, modes, others) => [logSumExp(logParts(x, modes)), logSumExp(logParts(x, others))];

// Shares of an even grid, from the logits at each x:
// the class itself; p(x) p(c|x)^s; p(x) times the softmax at T = 1/s.
// Each is a softmax over x.
export function guidedDensities(grid, s) {
  const logs = [[], [], []];
  for (const logits of grid) {
    const density = logSumExp(logits);
    logs[0].push(logits[0]);
    logs[1].push(density + s * (logits[0] - density));
    logs[2].push(density + Math.log(softmax(logits, 1 / s)[0]));
  }
  return logs.map((log) => softmax(log));
}

// Where the flow dx/dσ = −σ · (guided score) carries its starts, which lie evenly in its noise, and the share of each.
// In steps of ln σ from ln 80, by the classical fourth-order method of Runge and Kutta.
const STARTS = Array.from({ length: 81 }, (_, k) => (k - 40) / 9);
const NOISIEST = Math.log(80),
  STEPS = 18,
  STRIDE = 0.5;
// Of each mode and the noise, at half steps.
const VARIANCES = Array.from({ length: 2 * STEPS + 1 }, (_, k) => 1 + Math.exp(2 * (NOISIEST - (k * STRIDE) / 2)));
export function guidedPoints(modes, others, s) {
  const places = [...modes, ...others],
    shares = places.map((_, k) => 1 / (k < modes.length ? modes : others).length);
  const slope = (x, variance) => {
    // by ln σ. No shift: no exponent is so small that a sum vanishes
    let ours = 0,
      oursAt = 0,
      all = 0,
      allAt = 0; // a loop, as it runs thousands of times at each move of s
    for (let k = 0; k < places.length; k++) {
      const weight = shares[k] * Math.exp(-((x - places[k]) ** 2) / (2 * variance));
      all += weight;
      allAt += weight * places[k];
      if (k < modes.length) [ours, oursAt] = [all, allAt];
    }
    const goal = allAt / all + s * (oursAt / ours - allAt / all); // the mean of what x may come from, guided
    return ((1 - variance) / variance) * (goal - x);
  };
  const x = STARTS.map((start) => {
    let at = Math.exp(NOISIEST) * start;
    for (let k = 0; k < 2 * STEPS; k += 2) {
      const first = slope(at, VARIANCES[k]),
        second = slope(at - (STRIDE / 2) * first, VARIANCES[k + 1]);
      const third = slope(at - (STRIDE / 2) * second, VARIANCES[k + 1]),
        fourth = slope(at - STRIDE * third, VARIANCES[k + 2]);
      at -= (STRIDE / 6) * (first + 2 * second + 2 * third + fourth);
    }
    return at;
  });
  return { x, shares: softmax(STARTS.map((start) => -(start ** 2) / 2)) };
}

// What a distribution over x comes to, given the logits at each x:
// how surely it is the class, its mean, its standard deviation.
export function outcome(x, shares, logits) {
  const fidelity = weighted(
      shares,
      logits.map((pair) => softmax(pair)[0]),
    ),
    mean = weighted(shares, x);
  return {
    fidelity,
    mean,
    spread: Math.sqrt(
      weighted(
        shares,
        x.map((at) => (at - mean) ** 2),
      ),
    ),
  };
}

// --- a bandit: the seed decides its arms, what each pull pays, and the luck of whoever picks
// Its Python twin is machine.py.
const hundredths = (x) => Math.floor(100 * x + 0.5) / 100;

// From N(0, 1), of two uniforms: Box and Muller's method.
function normal(next) {
  const radius = Math.sqrt(-2 * Math.log(1 - next()));
  return radius * Math.cos(2 * Math.PI * next());
}

// Whoever pulls and whenever, the first pull of an arm pays the same, and so the second.
function machine(seed, arms) {
  const next = mulberry32(seed),
    seeded = () => mulberry32(Math.floor(next() * 2 ** 32));
  const means = Array.from({ length: arms }, () => hundredths(normal(next)));
  const noise = means.map(seeded),
    luck = seeded(),
    best = Math.max(...means);
  const one = {
    means,
    values: means.map(() => 0),
    pulls: means.map(() => 0),
    regrets: [],
    regret: 0,
    last: null,
    reward: null,
  };
  one.pull = (arm) => {
    one.last = arm;
    one.reward = hundredths(means[arm] + normal(noise[arm]));
    one.pulls[arm] += 1;
    one.values[arm] += (one.reward - one.values[arm]) / one.pulls[arm]; // the mean of its rewards
    one.regret += best - means[arm];
    one.regrets.push(one.regret);
  };
  one.draw = (scores, T) => one.pull(pick(softmax(scores, T), luck()));
  return one;
}

// The machine after what was played: [a temperature, so many pulls at it] or [an arm's label, so many pulls by hand].
export function play(seed, labels, played) {
  const one = machine(seed, labels.length);
  for (const [how, count] of played) {
    const arm = labels.indexOf(how);
    for (let n = 0; n < count; n++) arm >= 0 ? one.pull(arm) : one.draw(one.values, Number(how));
  }
  return one;
}

// Each opponent is a softmax as well, of these scores at this temperature.
export const OPPONENTS = {
  UCB: ({ values, pulls, regrets }) => [
    values.map((value, k) => (pulls[k] ? value + Math.sqrt(Math.log(regrets.length + 1) / pulls[k]) : Infinity)),
    0,
  ],
  annealed: ({ values, regrets }) => [values, 0.05 ** Math.min(regrets.length / 300, 1)],
  greedy: ({ values }) => [values, 0],
  random: ({ values }) => [values, Infinity],
};

export function rival(opponent, seed, arms, pulls) {
  const one = machine(seed, arms);
  while (one.regrets.length < pulls) one.draw(...OPPONENTS[opponent](one));
  return one;
}

// --- calibration: how often the probabilities are right. Rows of logits, and the true class of each.

// Confidence is the best class's probability. The prediction is the best logit's class, at T = ∞ too, where all tie.
export function judge(rows, labels, T = 1) {
  const confidence = [],
    right = [];
  let loss = 0,
    squares = 0;
  rows.forEach((logits, i) => {
    const p = softmax(logits, T),
      best = argmax(logits),
      gap = logits[best] - logits[labels[i]];
    confidence.push(p[best]);
    right.push(best === labels[i]);
    loss += (gap && gap / T) - Math.log(p[best]); // −ln p of the true class, which may underflow
    for (let k = 0; k < p.length; k += 1) squares += (p[k] - (k === labels[i])) ** 2;
  });
  return { confidence, right, nll: loss / rows.length, brier: squares / rows.length };
}

export const meanLoss = (rows, labels, T) =>
  rows.reduce((sum, logits, i) => sum + crossEntropy(logits, labels[i], T), 0) / rows.length;

// Bin b holds the confidences in (b/bins, (b + 1)/bins].
function binOf(confidence, bins) {
  let b = 0;
  while (b < bins - 1 && confidence > (b + 1) / bins) b += 1;
  return b;
}

// Per bin: how many, their mean confidence, how many of them are right; and how far from its confidence the accuracy
// of a perfect model stays in about 95 of 100 cases: two standard errors. NaN where a bin is empty.
export function reliabilityCurve(confidence, right, bins = 15) {
  const sums = Array.from({ length: bins }, () => ({ count: 0, sure: 0, hits: 0, variance: 0 }));
  confidence.forEach((c, i) => {
    const bin = sums[binOf(c, bins)];
    bin.count += 1;
    bin.sure += c;
    bin.hits += right[i];
    bin.variance += c * (1 - c);
  });
  return sums.map(({ count, sure, hits, variance }) => ({
    count,
    confidence: sure / count,
    accuracy: hits / count,
    reach: (2 * Math.sqrt(variance)) / count,
  }));
}

export function calibrationError(curve) {
  const full = curve.filter(({ count }) => count),
    n = full.reduce((sum, { count }) => sum + count, 0);
  return full.reduce((sum, { count, confidence, accuracy }) => sum + count * Math.abs(accuracy - confidence), 0) / n;
}

// The same error of perfect models, which are right exactly as often as they are sure: one model for every n uniforms.
export function perfectErrors(confidence, uniforms, bins = 15) {
  const n = confidence.length,
    where = confidence.map((c) => binOf(c, bins)),
    sure = Array(bins).fill(0),
    errors = [];
  where.forEach((b, i) => {
    sure[b] += confidence[i];
  });
  for (let start = 0; start + n <= uniforms.length; start += n) {
    const gaps = [...sure];
    for (let i = 0; i < n; i += 1) if (uniforms[start + i] < confidence[i]) gaps[where[i]] -= 1;
    errors.push(gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / n);
  }
  return errors;
}

// --- many classes in falling order of their logits: whatever is cut is the end. Its judge is truncation.py.
const first = (n, holds) => {
  // of 0 to n − 1, the first from which on it holds; n if it never does
  let low = 0,
    high = n;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
};

// The softmax of all of them at T, not yet divided: sums tell at once what any number of the likeliest have together.
// `into` is one that is no longer needed, for the next drag of T: its memory is used again.
export function tempered(falling, T, into) {
  const n = falling.length,
    top = falling[0];
  const { weights, sums, moments, ends } = into ?? {
    weights: new Float64Array(n),
    sums: new Float64Array(n),
    moments: new Float64Array(n),
    ends: new Float64Array(n + 1),
  };
  const below = (k) => (falling[k] === top ? 0 : (falling[k] - top) / T); // the logit as T leaves it, up to a constant
  let sum = 0,
    moment = 0;
  for (let k = 0; k < n; k++) {
    const z = below(k),
      weight = z < LOWEST ? 0 : Math.exp(z);
    weights[k] = weight;
    sums[k] = sum += weight;
    moments[k] = moment += weight && weight * z;
  }
  for (let k = n - 1; k >= 0; k--) ends[k] = ends[k + 1] + weights[k]; // from the smallest up: a small tail is not lost
  return { T, below, weights, sums, moments, ends };
}
const LOWEST = -746; // whose exponential is 0

const entropyOfFirst = (n, { sums, moments }) => Math.log(sums[n - 1]) - moments[n - 1] / sums[n - 1];

export const pickOfFirst = (n, { sums }, u) => first(n, (k) => sums[k] > u * sums[n - 1]);

// How many of the first n each step leaves; ties are kept or cut together.
const withTies = (m, n, { below }) => (m < n ? first(n, (k) => k >= m && below(k) < below(m - 1)) : n);
const LEAVES = {
  temperature: (T, n, spread) => (T === 0 ? withTies(1, n, spread) : n),
  top_k: withTies,
  top_p: (p, n, spread) =>
    p === 1 ? n : withTies(first(n, (k) => spread.sums[k] >= p * spread.sums[n - 1]) + 1, n, spread),
  min_p: (p, n, { below }) => (p === 0 ? n : first(n, (k) => below(k) < Math.log(p))),
};

// What each step, [name, value], leaves of the classes; the mass that it cuts, of what reached it; and the entropy
// then.
// `spread` gives the softmax at a T.
export function truncated(steps, spread) {
  let now = spread(1),
    n = now.sums.length;
  return steps.map(([name, value]) => {
    if (name === "temperature") now = spread(value);
    const had = n;
    n = LEAVES[name](value, had, now);
    return {
      name,
      left: n,
      mass: (now.ends[n] - now.ends[had]) / now.sums[had - 1],
      nats: entropyOfFirst(n, now),
      now,
    };
  });
}
