// What to try with a picture and captions on a circle.
import { above, below, step } from "../base/tries.mjs";
import { LEAST, seen, stepped } from "./state.mjs";

const COLD = 0.06;
const turned = (angle, reached) => step({ angle }, (view) => view.temperature <= COLD && reached(view.get("angle")));
const rests = (view) => Math.abs(seen(view).turn) < LEAST || Math.abs(stepped(view) - view.get("angle")) < 0.1;

function rest(view) {
  let angle = view.get("angle");
  const moved = { temperature: view.temperature, get: (key) => (key === "angle" ? angle : view.get(key)) };
  for (let k = 0; k < 500 && !rests(moved); k++) angle = stepped(moved);
  return { angle };
}

const pushers = (view) => {
  const { push } = seen(view),
    most = push.indexOf(Math.max(...push));
  return `${view.labels[1 + most]} does ${Math.round(100 * push[most])} % of the pushing`;
};

export const tries = () => [
  {
    ask: "Drag T from 20 down to the left end. A line is as wide as its share of the push: how many are left?",
    steps: [above(10, 20), below(COLD, 0.05)],
    seen: (view) => `One: ${pushers(view)}. Cold, only the nearest wrong caption counts.`,
  },
  {
    ask: "At the left end, take the picture to 80°, then to 84°. Who pushes?",
    steps: [
      below(COLD, 0.05),
      turned(80, (angle) => Math.abs(angle - 80) <= 1),
      turned(84, (angle) => Math.abs(angle - 84) <= 1),
    ],
    seen: (view) => `${pushers(view)}. A few degrees decide who is nearest.`,
  },
  {
    ask: "Set T to 1, and take a step until the picture rests. Does it rest on its caption?",
    steps: [
      step({ temperature: 1, angle: 60 }, (view) => view.temperature === 1),
      step(rest, (view, before) => view.get("angle") !== before.angle && rests(view)),
    ],
    seen: (view) =>
      `At ${view.get("angle")}°; ${view.labels[0]} lies at ${view.get("angles")[0]}°. The others hold it off.`,
  },
];
