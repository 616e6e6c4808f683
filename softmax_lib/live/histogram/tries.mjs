// What to try with the histogram of draws.
import { whole } from "../base/numbers.mjs";
import { softmax } from "../base/softmax.mjs";
import { at, step, withAnimals } from "../base/tries.mjs";
import { emptied } from "./state.mjs";

const drew = (count) => step({ draws: count }, (view) => view.get("draws") >= count);
const bee = (view) => softmax(view.logits, view.temperature)[4];

export const tries = withAnimals([
  {
    ask: "Draw one sample, ten times. How wild are the bars, and how wide the whiskers?",
    steps: [drew(10)],
    seen: () => "Wild, and the whiskers say so: with few draws a share may lie far from p by luck.",
  },
  {
    ask: "Draw 1,000, Clear, and Draw 1,000 again. Does every bar end inside its whisker?",
    steps: [
      step({ draws: 1000 }, (view) => view.get("draws") === 1000),
      step(
        (view) => ({ ...emptied(view), draws: 1000 }),
        (view, before) => view.get("draws") === 1000 && view.get("seed") !== before.seed,
      ),
    ],
    seen: () => "Mostly. A sampler that is right misses one whisker in about twenty, by luck alone.",
  },
  {
    ask: "Draw 100, then move the temperature. Why must the counts vanish?",
    steps: [
      drew(100),
      step(
        { temperature: 3 },
        (view, before) => view.get("draws") === 0 && view.temperature !== Number(before.temperature),
      ),
    ],
    seen: () => "They belonged to the old p. Counts of two distributions show neither of them.",
  },
  {
    ask: "Type 0.5 for T and Draw 1,000. Did bee appear? Now Draw 100,000.",
    steps: [at(0.5), drew(1000), drew(100_000)],
    seen: (view) => `Bee comes once in about ${whole(Math.round(1 / bee(view)))} draws: what is rare needs many.`,
  },
]);
