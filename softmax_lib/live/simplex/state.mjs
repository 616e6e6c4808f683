// What the state of the triangle means: where distributions lie in it, the draws, and both in words.
import { decimals, temperatureText } from "../base/numbers.mjs";
import { argmax, entmax, entmaxLogits, gumbelNoise } from "../base/softmax.mjs";
import { LOGIT_LIMIT } from "../base/state.mjs";

export const FUNCTIONS = { softmax: 1, "1.5-entmax": 1.5, sparsemax: 2 }; // by their alpha
const DRAWS = 500;
export const functionName = (view) => Object.keys(FUNCTIONS).find((name) => FUNCTIONS[name] === view.get("alpha"));

// In a box that is 1 wide and 1 high, y downwards: the classes at the left, the right and the upper corner.
export const place = (p) => [p[1] + p[2] / 2, 1 - p[2]];

// The distribution there, or the nearest: sparsemax is the projection onto the triangle.
export function distribution(x, y) {
  const third = 1 - y,
    second = x - third / 2;
  return entmax([1 - second - third, second, third], 1, 2);
}

export const probabilities = (view) => entmax(view.logits, view.temperature, view.get("alpha"));

// Logits whose distribution this is, in hundredths and as far as logits reach. At the limits of T, which forget the
// logits' sizes, those of T = 1.
export function logitsOf(view, p) {
  const { temperature } = view,
    T = temperature === 0 || temperature === Infinity ? 1 : temperature;
  const logits = entmaxLogits(p, T, view.get("alpha")),
    middle = (Math.max(...logits) + Math.min(...logits)) / 2;
  const within = (z) => Math.min(LOGIT_LIMIT, Math.max(-LOGIT_LIMIT, z));
  return logits.map((z) => Number(within(z - middle).toFixed(2)) + 0);
}

let kept = {}; // the noise changes with the seed alone
function noise(seed) {
  if (kept.seed !== seed) {
    const all = gumbelNoise(seed / 2 ** 32, 3 * DRAWS);
    kept = { seed, rows: Array.from({ length: DRAWS }, (_, n) => all.slice(3 * n, 3 * n + 3)) };
  }
  return kept.rows;
}

export function experiment(view) {
  const noisy = noise(view.get("seed")).map((row) => row.map((g, k) => view.logits[k] + g)),
    draws = noisy.map((row) => entmax(row, view.temperature, view.get("alpha"))),
    largest = [0, 0, 0];
  for (const row of noisy) largest[argmax(row)] += 1; // of the draws too, at every T that does not make all equal
  return {
    draws,
    largest,
    mean: [0, 1, 2].map((k) => draws.reduce((sum, row) => sum + row[k], 0) / DRAWS),
    zeros: draws.filter((row) => row.includes(0)).length,
  };
}

export function sentence(view) {
  const p = probabilities(view),
    { largest, zeros } = experiment(view),
    each = (numbers) => view.labels.map((label, k) => `${label} ${numbers[k]}`).join(", ");
  const said = `${functionName(view)} at T = ${temperatureText(view.temperature)}: ${each(p.map((q) => decimals(q)))}.`;
  return `${said} Largest of ${DRAWS} draws, at every T: ${each(largest)}. With an exact zero: ${zeros}.`;
}
