// What the state of the histogram means: the draws of a seed, so many of them, their errors, and both in words.
import { decimals, whole } from "../base/numbers.mjs";
import { chiSquared, largestError, LIMITS, mulberry32, picker } from "../base/softmax.mjs";

export const MOST = 1e6; // draws: where the scale of the error ends
// Where the error is noted.
export const MARKS = [...new Set(Array.from({ length: 97 }, (_, k) => Math.round(10 ** (k / 16))))];
const BLOCK = 500; // draws between two looks at the clock

// The draws are a function of p, the seed and how many.
export function experiment(p, seed) {
  const next = mulberry32(seed),
    choose = picker(p);
  const run = {
    p,
    n: 0,
    last: null,
    counts: p.map(() => 0),
    errors: [],
    get error() {
      return largestError(run.counts, run.n, p);
    },
  };
  run.draw = (goal, until = Infinity) => {
    // true if it got there in time
    while (run.n < goal) {
      run.counts[(run.last = choose(next()))] += 1;
      if (++run.n === MARKS[run.errors.length]) run.errors.push(run.error);
      if (run.n % BLOCK === 0 && performance.now() > until) return run.n === goal;
    }
    return true;
  };
  return run;
}

// Fresh random numbers with each clearing: otherwise the next thousand draws would be the same thousand.
export const emptied = (state) => ({ draws: 0, seed: (state.get("seed") + 1) % 2 ** 32 });

export const side = (statistic, degrees) => (statistic <= LIMITS[degrees - 1] ? "below" : "above");

export function sentence(view, draws) {
  const { n, p, counts, last } = draws.run;
  if (n === 0) {
    return draws.cleared
      ? "The probabilities changed, so the counts were cleared: they belonged to the old ones. Draw again."
      : "No draws yet. The outlines are the probabilities: draw, and see the bars fill them.";
  }
  const { statistic, degrees } = chiSquared(counts, n, p),
    error = draws.run.error;
  const far = view.labels[p.findIndex((q, k) => Math.abs(counts[k] / n - q) === error)];
  const drawn =
    n === 1
      ? `Drew ${view.labels[last]}.`
      : [
          `${whole(n)} draws, the last ${view.labels[last]}.`,
          `The largest error is ${decimals(error)} (${far}); 1/√n is ${decimals(n ** -0.5)}.`,
        ].join(" ");
  return `${drawn} ${verdict(statistic, degrees, p)}`;
}

function verdict(statistic, degrees, p) {
  if (p.includes(1)) return "One class is certain: there is nothing to test.";
  if (degrees === 0) return "Too few draws for χ²: it needs two bins that expect 5 draws each.";
  const where = side(statistic, degrees),
    words = where === "below" ? "" : ": a sampler that is right gets there once in 100 experiments";
  return [
    `χ² with ${degrees} degree${degrees === 1 ? "" : "s"} of freedom is ${statistic.toFixed(2)},`,
    `${where} its 99% limit of ${LIMITS[degrees - 1].toFixed(2)}${words}.`,
  ].join(" ");
}
