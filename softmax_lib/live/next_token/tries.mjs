// What to try with the next-token explorer; `found(view)` has the scores of its prompt, once they are there.
import { decimals, whole } from "../base/numbers.mjs";
import { above, at, below, step } from "../base/tries.mjs";
import { drawn, marked, outcome, ROWS } from "./state.mjs";

const takes = (key, value) => step({ [key]: value }, (view) => view.get(key) === value);
const fresh = (view, before) => view.get("picks").filter((pick) => !before.picks.includes(pick));

export function tries(found) {
  const now = (view) => outcome(view, found(view)),
    isThere = (view) => "model" in found(view);
  const there = ({ show, reached }) => step(show, (view, before) => isThere(view) && reached(view, before));
  const draw = (reached) => there(step((view) => (isThere(view) ? drawn(view, found(view), 10) : {}), reached));
  return () => [
    {
      ask: "Raise T from 0.2 to 1.5. What do the tokens get that have no bar of their own?",
      steps: [takes("top_p", 1), below(0.2), there(above(1.5))],
      seen: (view) => `Together ${decimals(now(view).rest(ROWS))}: hot, the many unlikely ones count.`,
    },
    {
      ask: "At T = 1.5 set top-p to 0.9. How many tokens are left?",
      steps: [above(1.5), there(takes("top_p", 0.9))],
      seen: (view) => `${whole(now(view).left)}. Now take the temperature after the cut, and look again.`,
    },
    {
      ask: "Draw a few tokens at T = 1. Which would you not have expected?",
      steps: [at(1), draw((view, before) => view.temperature === 1 && fresh(view, before).length > 0)],
      seen(view) {
        const rarest = Math.max(...view.get("picks").map(({ rank }) => rank));
        return `The rarest of your picks has rank ${whole(rarest)}. The likeliest is “${marked(now(view).name(1))}”.`;
      },
    },
    {
      ask: "Take the rainbow. Which settings make it draw anything but the likeliest?",
      steps: [
        takes("prompt", "rainbow"),
        step({ temperature: 2, top_p: 1 }, (view) => view.temperature > 1),
        draw((view, before) => fresh(view, before).some((pick) => pick.prompt === "rainbow" && pick.rank > 1)),
      ],
      seen: (view) =>
        `Heat, and no cut: here the likeliest has ${decimals(now(view).after(1))} at T = ${view.temperature}.`,
    },
  ];
}
