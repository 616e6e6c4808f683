// What to try with the guidance scale.
import { step } from "../base/tries.mjs";

const scale = (s, reached) => step({ scale: s }, (view) => reached(view.get("scale")));

export const tries = () => [
  {
    ask: "Press s = 1: all curves coincide. Now drag to the right. What rises, and what falls?",
    steps: [scale(1, (s) => s === 1), scale(4, (s) => s >= 3)],
    seen: () => "Fidelity rises, spread falls: more to the point, and more alike.",
  },
  {
    ask: "Go to the end, s = 8. Which curve has stopped moving, and which go on?",
    steps: [scale(7, (s) => s >= 6.9), scale(8, (s) => s === 8)],
    seen: () => "The powered one and the draws go on outwards; a softmax at T = 1/s stays with its own class.",
  },
  {
    ask: "Press s = 0. What is drawn when the condition is ignored?",
    steps: [scale(0, (s) => s === 0)],
    seen: () => "Both classes, as if nobody had asked for one of them.",
  },
  {
    ask: "Try the classes apart at s = 7. Which row pays most?",
    steps: [
      step({ modes: [3], others: [-3] }, (view) => view.get("modes")[0] - view.get("others")[0] === 6),
      scale(7, (s) => s >= 6.5),
    ],
    seen: () => "The last row. Its fidelity had nothing to gain: look at its mean and its spread.",
  },
];
