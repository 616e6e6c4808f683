// What the state of the bandit means: the game so far and the opponent's, what a pull adds, and both in words.
import { minus, temperatureText, whole } from "../base/numbers.mjs";
import { play, rival } from "../base/softmax.mjs";
import { shared, wholeNumber } from "../base/state.mjs";

export const MOST = 1000; // pulls of a game
export const SEEDS = 2 ** 32;
export const isSeed = (seed) => Number.isInteger(seed) && seed >= 0 && seed < SEEDS;
export const value = (x) => minus(x.toFixed(2));

// Both games; nothing of them changes while T is dragged.
let known = { key: "" };
export function games(view) {
  const [seed, labels, played, opponent] = ["seed", "labels", "played", "opponent"].map(view.get);
  const key = JSON.stringify([seed, labels, played, opponent]);
  if (known.key !== key) {
    const mine = play(seed, labels, played);
    known = { key, mine, theirs: rival(opponent, seed, labels.length, mine.regrets.length) };
  }
  return known;
}

// What was played, and now so many pulls more; null if that would be too many for a game.
export function pulled(view, how, count) {
  const played = view.get("played"),
    last = played.at(-1);
  if (games(view).mine.regrets.length + count > MOST) return null;
  return last?.[0] === how ? [...played.slice(0, -1), [how, last[1] + count]] : [...played, [how, count]];
}

export function sentence(view) {
  const { mine, theirs } = games(view),
    n = mine.regrets.length;
  if (n === 0) return "No pulls yet: every value begins at 0, so every arm is equally likely at any temperature.";
  const [how] = view.get("played").at(-1),
    label = view.labels[mine.last];
  const chosen = view.labels.includes(how) ? "by hand" : `drawn at T = ${temperatureText(Number(how))}`;
  const [lead, ahead] = [Math.abs(mine.regret - theirs.regret).toFixed(1), mine.regret < theirs.regret];
  const stand = lead === "0.0" ? "as much as the opponent’s" : `${lead} ${ahead ? "less" : "more"} than the opponent’s`;
  return [
    `Last pull: ${label}, ${chosen}, paid ${value(mine.reward)}.`,
    `After ${whole(n)} pull${n === 1 ? "" : "s"} your regret is ${mine.regret.toFixed(1)}, ${stand}.`,
  ].join(" ");
}

// In a link, the seed stands beside T; to the next page it does not come along.
const seed = {
  letter: "seed",
  stays: true,
  read: wholeNumber,
  write: String,
  accepts: isSeed,
  wanted: () => `seed takes a whole number from 0 to ${whole(SEEDS - 1)}`,
};

export const rules = { ...shared, seed };
