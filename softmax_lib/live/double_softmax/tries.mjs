// What to try with a softmax too many.
import { decimals } from "../base/numbers.mjs";
import { crossEntropy, doubledGradient, doubledLoss, gradient } from "../base/softmax.mjs";
import { LOGIT_LIMIT } from "../base/state.mjs";
import { step, withAnimals } from "../base/tries.mjs";

const sure = (target) =>
  step(
    (view) => ({ logits: view.labels.map((_, k) => (k ? -LOGIT_LIMIT : LOGIT_LIMIT)), target }),
    (view) => view.get("target") === target && view.logits.every((z, k) => z === (k ? -LOGIT_LIMIT : LOGIT_LIMIT)),
  );
const OWL = 2;
const owl = (z, far) =>
  step(
    (view) => ({ target: OWL, logits: view.logits.with(OWL, z) }),
    (view) => view.get("target") === OWL && far(view.logits[OWL]),
  );
const pushes = (view) =>
  [gradient, doubledGradient].map((of) => decimals(Math.abs(of(view.logits, view.get("target"))[view.get("target")])));

export const tries = withAnimals([
  {
    ask: "Press Confidently wrong. How hard does each gradient push the class that happened?",
    steps: [sure(1)],
    seen: (view) => {
      const [right, doubled] = pushes(view);
      return `The right one by ${right}, the doubled one by ${doubled}: it has all but forgotten the mistake.`;
    },
  },
  {
    ask: "Press Confidently right. How small does each loss get?",
    steps: [sure(0)],
    seen(view) {
      const [right, doubled] = [crossEntropy, doubledLoss].map((of) => decimals(of(view.logits, 0)));
      return `The right one ${right}, the doubled one ${doubled}: its floor, with nothing left to learn.`;
    },
  },
  {
    ask: "Press Reset, and drag owl, which happened, from 5 to −5. What do its two bars do?",
    steps: [owl(5, (z) => z >= 4.5), owl(-5, (z) => z <= -4.5)],
    seen: () => "The right one grows all the way. The doubled one grows, then shrinks: the more wrong, the weaker.",
  },
]);
