// What to try with the three normalisers.
import { shares } from "../base/softmax.mjs";
import { step, withAnimals } from "../base/tries.mjs";

const added = (view) => view.get("shift") ?? -Math.min(...view.logits);

export const tries = withAnimals([
  {
    ask: "Raise the negative logits until dividing by the sum passes. What does it take?",
    steps: [
      step(
        (view) => ({ logits: view.logits.map((z) => Math.max(0, z)) }),
        (view) => view.logits.every((z) => z >= 0) && view.logits.some((z) => z > 0),
      ),
    ],
    seen: () => "It passes once no logit is negative: one that is below 0 is enough to spoil it.",
  },
  {
    ask: "Make the logits sum to 0. What becomes of dividing by the sum?",
    steps: [step({ logits: [1, 1, 0.5, -0.5, -2] }, (view) => shares(view.logits).some(Number.isNaN))],
    seen: () => "Nothing can be divided by 0. Softmax goes on as if nothing had happened.",
  },
  {
    ask: "Drag the shift c from 2 to 10. Towards what do the shares drift, and which column stays?",
    steps: [step({ shift: 2 }, (view) => added(view) <= 2.5), step({ shift: 10 }, (view) => added(view) >= 9.5)],
    seen: () => "The shifted shares drift towards equal ones. Softmax has no c: its column stays.",
  },
  {
    ask: "Make all five logits negative, and read the first verdict.",
    steps: [step({ logits: [-1, -2, -2.5, -3.5, -5] }, (view) => view.logits.every((z) => z < 0))],
    seen: () => "Upside down: divided by a negative sum, the smallest score gets the largest share.",
  },
]);
