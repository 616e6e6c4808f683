// What to try with the sampler.
import { decimals } from "../base/numbers.mjs";
import { above, below, step, withAnimals } from "../base/tries.mjs";
import { drawn, flipWords, probabilities } from "./state.mjs";

const DRAWS = 3;
const draws = (fits = () => true) =>
  Array.from({ length: DRAWS }, (_, n) =>
    step(
      drawn,
      (view, before) => fresh(view, before).filter(({ temperature }) => fits(Number(temperature))).length > n,
    ),
  );
const fresh = (view, before) => view.get("picks").filter((pick) => !before.picks.includes(pick));
const came = (view) =>
  view
    .get("picks")
    .slice(-DRAWS)
    .map((pick) => view.labels[pick.class])
    .join(", ");

export const tries = withAnimals([
  {
    ask: "Draw 3 samples. Which classes come?",
    steps: draws(),
    seen: (view) => `${came(view)}. Each u falls into a segment, and the wide ones are hit more often.`,
  },
  {
    ask: "Set T to 5 or more and draw 3 more. Who comes now?",
    steps: [above(5, 8), ...draws((T) => T >= 5)],
    seen: (view) => `${came(view)}. Hot, the segments are nearly as wide as each other.`,
  },
  {
    ask: "Set T to 0.2 or less and draw 3 more. Always the same?",
    steps: [below(0.2), ...draws((T) => T <= 0.2)],
    seen: (view) =>
      `${came(view)}. The others still have ${decimals(1 - Math.max(...probabilities(view)))} together: hardly ever.`,
  },
  {
    ask: "Type 0.9 for u, and move only T, from cold to hot. Where does the pick flip?",
    steps: [
      step({ u: 0.9, temperature: 0.05 }, (view) => view.get("u") === 0.9 && view.temperature <= 0.3),
      step({ temperature: 5 }, (view) => view.get("u") === 0.9 && view.temperature >= 3),
    ],
    seen: flipWords,
  },
]);
