// The uniform number u that decides a draw: what it may be, the next ones of a seed, and how it is written.
import { mulberry32 } from "./softmax.mjs";
import { number } from "./state.mjs";

export const ALMOST_ONE = 0.999999;
const MOST_DIGITS = 12;

export const isUniform = (u) => u >= 0 && u < 1;
export const uText = (u) => String(Math.min(Number(u.toFixed(6)), ALMOST_ONE));

// In a link, u stands beside the other values; to the next page it does not come along.
export const uRule = {
  letter: "u",
  stays: true,
  read: number,
  write: String,
  accepts: (value) => typeof value === "number" && isUniform(value),
  wanted: () => "u takes a number from 0 up to 1",
};

// The next numbers of the figure's seed.
export function uniforms(view, count) {
  const next = mulberry32(view.get("seed"));
  return Array.from({ length: view.get("drawn") + count }, next).slice(-count);
}

// The ends of a segment and the u between them, with as many decimals as tell them apart, and from 0 and 1.
export function apart(ends) {
  const distinct = new Set([0, 1, ...ends]).size;
  for (let digits = 3; ; digits++) {
    const texts = ends.map((x) => (x === 0 || x === 1 ? String(x) : x.toFixed(digits)));
    if (digits === MOST_DIGITS || new Set([0, 1, ...texts.map(Number)]).size === distinct) return texts;
  }
}

// Is this pick's u still the one in the figure, whatever T is now?
export const held = (view, one) => one.u === view.get("u") && one.gumbel === view.get("gumbel");
