// What to try with the temperature dial.
import { decimals } from "../base/numbers.mjs";
import { perplexity, softmax } from "../base/softmax.mjs";
import { temperatures } from "../base/state.mjs";
import { above, at, below, step, withAnimals } from "../base/tries.mjs";

const leaders = ({ logits }) => logits.filter((z) => z === Math.max(...logits)).length;

function tie({ logits }) {
  const top = Math.max(...logits);
  return { logits: logits.with(logits[0] === top ? 1 : 0, top) };
}

// Where dog has most, of all temperatures that the slider can show.
function turn({ logits }) {
  const dog = temperatures.map((T) => softmax(logits, T)[1]);
  return temperatures[dog.indexOf(Math.max(...dog))];
}

function seenOfDog(view) {
  const T = turn(view);
  if (T === temperatures[0] || T === temperatures.at(-1))
    return "With these logits dog never turns. Reset, and look again.";
  return `Dog gains until T = ${T}, where it has ${decimals(softmax(view.logits, T)[1])}; then it gives way.`;
}

export const tries = withAnimals([
  {
    ask: "Drag T from 20 down to 0.05, and watch dog alone. Where does it turn?",
    steps: [above(10, 20), below(0.1, 0.05)],
    seen: seenOfDog,
  },
  {
    ask: "Press T → 0: the best takes all. Then make a tie: type its logit for another class.",
    steps: [at(0), step(tie, (view) => view.temperature === 0 && leaders(view) > 1)],
    seen: (view) =>
      `The best share: each gets ${decimals(1 / leaders(view))}. Even T → 0 does not choose between equals.`,
  },
  {
    ask: "Press Reset. Then type twice each logit, and 2 for T. Where are the bars?",
    steps: [
      step(
        (view) => ({ logits: view.get("start").logits.map((z) => 2 * z), temperature: 2 }),
        (view) =>
          view.temperature === 2 && view.logits.every((z, k) => Math.abs(z - 2 * view.get("start").logits[k]) < 1e-9),
      ),
    ],
    seen: () => "Back where they began. Only the quotient counts: logit over T.",
  },
  {
    ask: "Press T → ∞ and read the perplexity. How near does T = 20 come?",
    steps: [at(Infinity), at(20)],
    seen: ({ logits }) =>
      `At T = 20, ${perplexity(softmax(logits, 20)).toFixed(2)} of ${logits.length} classes: all but alike.`,
  },
]);
