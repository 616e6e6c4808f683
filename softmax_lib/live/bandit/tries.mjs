// What to try with the bandit.
import { argmax } from "../base/softmax.mjs";
import { step } from "../base/tries.mjs";
import { games } from "./state.mjs";

const pulls = (view) => games(view).mine.regrets.length;
const pullsAt = (view, T) => view.get("played").reduce((sum, [how, count]) => sum + (Number(how) === T ? count : 0), 0);
const COOLING = [
  [1, 30],
  [0.3, 70],
  [0.1, 100],
];
const regret = (view) => games(view).mine.regret.toFixed(1);
const ahead = (view) => games(view).mine.regret < games(view).theirs.regret;

function stuck(view) {
  const { mine } = games(view),
    [most, best] = [argmax(mine.pulls), argmax(mine.means)].map((k) => view.labels[k]);
  const where =
    most === best ? `It found ${best}, the best` : `Stuck at ${most}: what ${best} would pay, it hardly asked`;
  return `${where}. Regret ${regret(view)}.`;
}

const cooled = (view) => {
  const heats = view.get("played").map(([how]) => Number(how));
  return (
    pulls(view) >= 150 && heats.at(0) >= 0.5 && heats.at(-1) <= 0.2 && heats.every((T, k) => !k || T <= heats[k - 1])
  );
};

// A bandit on which cooling by hand comes out ahead.
function won(view) {
  const tried = { get: (key) => (key in state ? state[key] : view.get(key)) },
    state = { seed: view.get("seed"), played: COOLING };
  do state.seed += 1;
  while (!ahead(tried));
  return { ...state, revealed: false, temperature: 0.1 };
}

export const tries = () => [
  {
    ask: "Pull 100 at T = 1. How much of the reward is lost?",
    steps: [step({ temperature: 1, played: [[1, 100]] }, (view) => pullsAt(view, 1) >= 100)],
    seen: (view) => `Hot, it goes on asking arms that pay little: your regret is ${regret(view)}.`,
  },
  {
    ask: "Clear, set T to 0.1, Pull 100 twice, and show the true means. Where is it stuck?",
    steps: [
      step({ temperature: 0.1, played: [[0.1, 200]], revealed: false }, (view) => pullsAt(view, 0.1) >= 200),
      step({ revealed: true }, (view) => view.get("revealed")),
    ],
    seen: stuck,
  },
  {
    ask: "Clear, and cool by hand: 30 pulls at T = 1, 70 at 0.3, 100 at 0.1.",
    steps: [step({ temperature: 0.1, played: COOLING }, cooled)],
    seen: (view) => `Look around first, then settle: your regret is ${regret(view)}.`,
  },
  {
    ask: "Take a New bandit, and stay below the opponent's curve for 100 pulls.",
    steps: [step(won, (view, before) => view.get("seed") !== before.seed && pulls(view) >= 100 && ahead(view))],
    seen: (view) => `Ahead, ${regret(view)} against ${games(view).theirs.regret.toFixed(1)}. One bandit proves little.`,
  },
];
