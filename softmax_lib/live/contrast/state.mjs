// What the state of the circle means: who pushes the picture, where a step turns it, and both in words.
import { decimals, temperatureText } from "../base/numbers.mjs";
import { circleCosines, circleTurn, perplexity, pushShares, softmax } from "../base/softmax.mjs";

export const FULL = 360;
export const LEAST = 0.0005; // of a turn that is seen
const RATE = 20; // degrees of a step, for a turn of 1

// In a box that is 1 wide and 1 high, y downwards: angles go anticlockwise from the right.
export function place(angle, radius = 0.5) {
  const at = (angle * Math.PI) / 180;
  return [0.5 + radius * Math.cos(at), 0.5 - radius * Math.sin(at)];
}

export const angleAt = (x, y) => Math.round((Math.atan2(0.5 - y, x - 0.5) * 180) / Math.PI + FULL) % FULL;

export const isAngle = (angle) => angle >= 0 && angle <= FULL;

export function seen(view) {
  const T = view.temperature,
    angles = view.get("angles"),
    cosines = circleCosines(view.get("angle"), angles),
    push = pushShares(cosines, T);
  return {
    cosines,
    push,
    pushers: perplexity(push),
    left: softmax(cosines, T)
      .slice(1)
      .reduce((sum, q) => sum + q, 0),
    turn: circleTurn(view.get("angle"), angles, T),
  };
}

// Where one step of descent leaves the picture.
export function stepped(view) {
  const to = view.get("angle") + RATE * seen(view).turn;
  return Number((((to % FULL) + FULL) % FULL).toFixed(1)) % FULL;
}

// The shorter way round to the own caption, in degrees; above 0 is anticlockwise.
const way = (view) => ((((view.get("angles")[0] - view.get("angle") + FULL / 2) % FULL) + FULL) % FULL) - FULL / 2;

export function sentence(view) {
  const { push, pushers, left, turn } = seen(view),
    [own, ...negatives] = view.labels,
    most = Math.max(...push),
    first = negatives.filter((_, k) => push[k] === most);
  const lead = first.length === 1 ? `${first[0]} does` : `${first.join(", ")} each do`,
    how = turn * way(view) > 0 ? "towards" : "away from",
    step = Math.abs(turn) < LEAST ? "hardly moves the picture" : `turns the picture ${how} ${own}`;
  const said = `At T = ${temperatureText(view.temperature)}, ${lead} ${decimals(most)} of the pushing`;
  const count = `${pushers.toFixed(2)} of ${push.length} negatives push`;
  return `${said}; ${count}. Their probability together is ${decimals(left)}: a step ${step}.`;
}
