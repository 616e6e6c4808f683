// What to try with the probabilities of the animals.
import { minus } from "../base/numbers.mjs";
import { step, withAnimals } from "../base/tries.mjs";

const near = (a, b) => Math.abs(a - b) < 1e-9;
const lead = ({ logits: [cat, dog] }) => cat - dog;
const widest = ({ logits }) => Math.max(...logits) - Math.min(...logits);

export const tries = withAnimals([
  {
    ask: "Type 3 for cat, so that it leads dog by 2. Then lower both by 4. What is their ratio?",
    steps: [
      step({ logits: [3, 1, 0.5, -0.5, -2], first: 0, second: 1 }, (view) => near(lead(view), 2)),
      step({ logits: [-1, -3, 0.5, -0.5, -2] }, (view) => near(lead(view), 2) && view.logits[0] < 0),
    ],
    seen: () => "e² = 7.39 both times. Their probabilities fell, but for the ratio only the gap counts.",
  },
  {
    ask: "Raise owl slowly. At which logit does its bar pass dog's?",
    steps: [
      step(
        ({ logits: [cat, dog, , ...others] }) => ({ logits: [cat, dog, Math.min(5, dog + 0.5), ...others] }),
        ({ logits: [, dog, owl] }) => owl >= dog,
      ),
    ],
    seen: ({ logits: [, dog] }) =>
      `At dog's own, ${minus(dog)}: who has more of the score has more of the probability.`,
  },
  {
    ask: "Make every logit 1 higher. Which column changes, and which does not?",
    steps: [
      step(
        ({ logits }) => ({ logits: logits.map((z) => z + (Math.max(...logits) > 4 ? -1 : 1)) }),
        ({ logits }, before) => {
          const moves = logits.map((z, k) => z - before.logits[k]);
          return Math.abs(moves[0]) > 0.05 && moves.every((move) => near(move, moves[0]));
        },
      ),
    ],
    seen: () => "The logits change, the probabilities don't: what all have in common cancels.",
  },
  {
    ask: "How large a gap makes one class a thousand times as likely as another?",
    steps: [step({ logits: [5, 1, 0.5, -0.5, -2], first: 0, second: 4 }, (view) => widest(view) >= Math.log(1000))],
    seen: () => "ln 1000 = 6.9. Each further step of 1 makes the ratio e = 2.7 times larger.",
  },
]);
