// A bandit: estimated values turn into probabilities, a pull is drawn, an estimate moves; the regret against an
// opponent's.
import { html, nothing, svg } from "../base/parts/lit-html.mjs";
import { button, choice, figure, numberField } from "../base/controls.mjs";
import { decimals, whole } from "../base/numbers.mjs";
import { OPPONENTS, softmax } from "../base/softmax.mjs";
import { toJson, wholeNumber } from "../base/state.mjs";
import { temperatureSlider } from "../base/temperature.mjs";
import { games, isSeed, MOST, pulled, rules, SEEDS, sentence, value } from "./state.mjs";
import { tries } from "./tries.mjs";

const PULLS = { "Pull once": 1, "Pull 10": 10, "Pull 100": 100 };
const NAMES = {
  UCB: "UCB: value + bonus",
  annealed: "annealed, 1 to 0.05",
  greedy: "greedy, T = 0",
  random: "random, T = ∞",
};
const REACH = 3; // the axis of the values goes from −3 to 3
const POINTS = 200; // of a line

const along = (x) => (1 + Math.min(1, Math.max(-1, x / REACH))) / 2;

function pull(view, how, count) {
  const played = pulled(view, how, count);
  if (!played) return view.say(`A game ends at ${whole(MOST)} pulls: press Clear, or New bandit.`);
  view.change({ played }, { glide: true });
}

// --- the parts, from top to bottom
const KEY = html`<p class="lf-legend" aria-hidden="true"><span><i
  class="lf-estimate"></i>estimated value, −${REACH} to ${REACH}</span><span><i
  class="lf-drawn"></i>probability at <var>T</var>, 0 to 1</span><span><i class="lf-truemean"></i>true mean</span></p>`;

const STAR = html`<em aria-hidden="true">★ </em><span class="lf-hidden">the best </span>`;

function arms(view, { mine }) {
  const p = softmax(mine.values, view.temperature),
    revealed = view.get("revealed"),
    best = Math.max(...mine.means);
  return html`<div class="lf-drawing lf-arms">${view.labels.map((label, k) => {
    const q = mine.values[k],
      mean = mine.means[k],
      hit = k === mine.last;
    const ends = `--from:${along(Math.min(q, 0))};--to:${along(Math.max(q, 0))};--mean:${along(mean)}`;
    return html`<div class="lf-arm ${hit ? "lf-hit" : ""}">${button(`Pull ${label}`, () => pull(view, label, 1))}
      <span class="lf-times-pulled"><span class="lf-hidden">Pulls of ${label}: </span>${mine.pulls[k]}<span
        aria-hidden="true"> ×</span></span>
      <span class="lf-sided" aria-hidden="true" style=${ends}>${
        mine.pulls[k] ? html`<i class=${q < 0 ? "lf-below" : "lf-above"}></i>` : nothing
      }${revealed ? html`<u></u>` : nothing}</span>
      <span class="lf-value"><span class="lf-hidden">Value of ${label}: </span>${mine.pulls[k] ? value(q) : "0"}</span>
      <span class="lf-bar" aria-hidden="true" style="--p:${p[k]}"><i></i></span>
      <span class="lf-p"><span class="lf-hidden">Probability of ${label}: </span>${decimals(p[k])}</span>
      <span class="lf-mean">${
        revealed ? html`${mean === best ? STAR : nothing}mean <b>${value(mean)}</b>` : "mean ?"
      }</span></div>`;
  })}</div>`;
}

function bench(view) {
  const set = (seed) => view.change({ seed, played: [], revealed: false }, { glide: true });
  const next = () => set((view.get("seed") + 1) % SEEDS);
  const field = numberField(view, {
    id: "seed",
    name: "Seed of the bandit",
    min: 0,
    max: SEEDS - 1,
    step: 1,
    read: wholeNumber,
    final: true,
    accepts: isSeed,
    set,
    text: () => String(view.get("seed")),
    refusal: () => `A bandit has a whole number from 0 to ${whole(SEEDS - 1)}: it stays ${view.get("seed")}.`,
  });
  return html`<div class="lf-bench"><span class="lf-seed"><span
    class="lf-label" aria-hidden="true">Bandit</span>${field}</span>${button("New bandit", next)}${button(
      "Show the true means",
      () => view.change({ revealed: !view.get("revealed") }),
      view.get("revealed"),
    )}</div>`;
}

const pulls = (view) =>
  html`<div class="lf-pulls" role="group" aria-label="Pull">${Object.entries(PULLS).map(([name, count]) =>
    button(name, () => pull(view, toJson(view.temperature), count), nothing, count === 100 ? "lf-first" : nothing),
  )}${button("Clear", () => view.change({ played: [] }, { glide: true }))}</div>`;

// --- the regret of both against the number of pulls, on axes that grow by steps
const step = (x) => [1, 2, 5, 10].map((k) => k * 10 ** Math.floor(Math.log10(x))).find((y) => y >= x);

function line(regrets, across, up) {
  const n = regrets.length,
    every = Math.ceil(n / POINTS);
  const points = regrets.flatMap((regret, k) =>
    (n - 1 - k) % every ? [] : [`${((k + 1) / across).toFixed(4)} ${(1 - regret / up).toFixed(4)}`],
  );
  return n ? `M0 1L${points.join("L")}` : nothing;
}

let drawn = {}; // the lines change with the games only
function lines(now) {
  if (drawn.now !== now) {
    const { mine, theirs } = now;
    const across = Math.max(20, step(mine.regrets.length || 1)),
      up = Math.max(5, step(Math.max(mine.regret, theirs.regret, 1)));
    drawn = { now, across, up, paths: [mine, theirs].map(({ regrets }) => line(regrets, across, up)) };
  }
  return drawn;
}

const total = (kind, name, { regret }) => html`<div><span><i
  class=${kind} aria-hidden="true"></i>${name}</span><span><b>${regret.toFixed(1)}</b></span></div>`;

function regret(view, game) {
  const { mine, theirs } = game,
    { across, up, paths } = lines(game),
    n = mine.regrets.length,
    opponent = view.get("opponent");
  const names = Object.keys(OPPONENTS);
  const now = html`<i class="lf-now" style="--t:${n / across};--h:${mine.regret / up}"></i>`;
  return html`<div class="lf-contest"><div class="lf-readouts">
      <div><span>Pulls</span><span><b>${whole(n)}</b></span></div>
      ${total("lf-mine", "Your regret", mine)}
      ${total("lf-theirs", "Opponent’s", theirs)}
      <div class="lf-against">${choice(
        "Opponent",
        names.map((name) => NAMES[name]),
        names.indexOf(opponent),
        (k) => view.change({ opponent: names[k] }),
      )}</div></div>
    <div class="lf-trace" aria-hidden="true"><div><svg viewBox="0 0 1 1" preserveAspectRatio="none">${svg`<path
        class="lf-grid" d="M.5 0V1M0 .5H1"/>
        <path class="lf-rival" d=${paths[1]}/><path class="lf-over" d=${paths[0]}/>`}</svg>
      ${[up, up / 2, 0].map((tick, k) => html`<span class="lf-down" style="--at:${k / 2}">${tick}</span>`)}
      ${[0, across / 2, across].map((tick, k) => html`<span class="lf-across" style="--at:${k / 2}">${tick}</span>`)}
      <span class="lf-title">regret against pulls</span>${n ? now : nothing}</div></div></div>`;
}

const body = (view) => {
  const now = games(view);
  return html`${bench(view)}${KEY}${arms(view, now)}${temperatureSlider(view)}${pulls(view)}${regret(view, now)}`;
};

const render = (context) =>
  figure(context, {
    name: "Bandit",
    invitation: "Pull 100 times, then cool down.",
    tries,
    keys: ["labels", "temperature", "seed", "played", "opponent", "revealed"],
    body,
    sentence,
  });

export default { render, shared: rules };
