// What to try with the triangle.
import { decimals } from "../base/numbers.mjs";
import { above, below, step } from "../base/tries.mjs";
import { distribution, FUNCTIONS, logitsOf, probabilities } from "./state.mjs";

const { softmax, sparsemax } = FUNCTIONS;
const isFunction = (alpha) => step({ alpha }, (view) => view.get("alpha") === alpha);
const EDGE = distribution(0.25, 0.5); // the middle of the left one, where the second class has nothing
const onEdge = ([first, second, third]) => Math.min(first, third) > 0.3 && second < 0.05;
const toEdge = (alpha) =>
  step(
    (view) => ({ logits: logitsOf(view, EDGE) }),
    (view) => view.get("alpha") === alpha && onEdge(probabilities(view)),
  );

export const tries = () => [
  {
    ask: "Drag T from end to end. Which numbers below the slider never move?",
    steps: [above(10, 20), below(0.1, 0.05)],
    seen: () => "How often each is largest: T moves the draws, never who wins.",
  },
  {
    ask: "Press sparsemax, and lower T from 20. When does the ring touch the edge?",
    steps: [
      isFunction(sparsemax),
      above(10, 20),
      step({ temperature: 0.5 }, (view) => view.get("alpha") === sparsemax && probabilities(view).includes(0)),
    ],
    seen: (view) => `Here, at T = ${view.temperature}, a class has exactly 0. Colder, the ring walks along the edge.`,
  },
  {
    ask: "With sparsemax at T = 1, take the ring to the middle of the left edge. Then press softmax.",
    steps: [
      step({ alpha: sparsemax, temperature: 1 }, (view) => view.get("alpha") === sparsemax && view.temperature === 1),
      toEdge(sparsemax),
      isFunction(softmax),
    ],
    seen: (view) =>
      `Sparsemax gets there. Softmax leaves ${view.labels[1]} ${decimals(probabilities(view)[1])}: no edge for it.`,
  },
];
