// What to try with the heads of a model.
import { decimals } from "../base/numbers.mjs";
import { above, at, below, step } from "../base/tries.mjs";
import { weights } from "./state.mjs";

const head = (name) => step({ head: name }, (view) => view.get("head") === name);
const looks = (name, query) => step({ query }, (view) => view.get("head") === name && view.get("query") === query);
const winner = (view) => {
  const p = weights(view);
  return `“${view.labels[p.indexOf(Math.max(...p))]}” with ${decimals(Math.max(...p))}`;
};
const TOM = 8; // the second time
const [FIRST, AGAIN, MANY] = ["the first token", "what came next, last time", "many at once"];

const TRIES = [
  {
    ask: "Drag T from hot to cold. Which token wins at every T, and by how much?",
    steps: [above(5, 10), below(0.2, 0.1)],
    seen: (view) => `${winner(view)}, now. Hot, its lead melts; who leads never changes.`,
  },
  {
    ask: "Take the head “the first token”, press another token, and double T. What changes?",
    steps: [
      head(FIRST),
      step({ query: 9 }, (view, before) => view.get("head") === FIRST && view.get("query") !== before.query),
      at(2),
    ],
    seen: (view) => `Little: the first token still holds ${decimals(weights(view)[0])} at twice the temperature.`,
  },
  {
    ask: "Take “what came next, last time”. Press the second Tom, then a token that stands there once.",
    steps: [head(AGAIN), at(1), looks(AGAIN, TOM), looks(AGAIN, 11)],
    seen: (view) => `Tom looked at what followed Tom. With nothing to repeat, it rests: ${winner(view)}.`,
  },
  {
    ask: "Take “many at once”. Cool it until one token has more than half.",
    steps: [
      head(MANY),
      step({ temperature: 0.1 }, (view) => view.get("head") === MANY && Math.max(...weights(view)) > 0.5),
    ],
    seen: (view) => `At T = ${view.temperature}, ${winner(view)}. Even this head chooses, if it is cold enough.`,
  },
];

export const tries = (view) => ([FIRST, AGAIN, MANY].every((name) => name in view.get("heads")) ? TRIES : []);
