// The guidance scale: a class, its powered density, what a temperature would give, and what the sampler draws.
import { html, svg } from "../base/parts/lit-html.mjs";
import { button, figure, numberField, slider } from "../base/controls.mjs";
import { decimals, minus } from "../base/numbers.mjs";
import { number } from "../base/state.mjs";
import { classLogits, guidedDensities, guidedPoints, outcome } from "../base/softmax.mjs";
import { tries } from "./tries.mjs";

const SCALE_MAX = 8,
  PLACE_MAX = 5,
  MOST_MODES = 4,
  STOPS = [0, 1, 3, 7];
const isScale = (s) => s >= 0 && s <= SCALE_MAX;
const GRID = Array.from({ length: 361 }, (_, k) => (k - 160) / 20),
  STEP = 1 / 20; // −8 to 10
const [LEFT, RIGHT] = [-6, 9],
  HIGHEST = 0.9; // what the picture shows
const across = (x) => ((x - LEFT) / (RIGHT - LEFT)).toFixed(4),
  down = (density) => (1 - density / HIGHEST).toFixed(4);
const rounded = (x, digits) => minus(x.toFixed(digits)).replace(/^−(0\.0*)$/, "$1");

const ROWS = [
  { name: html`The class, <var>p</var>(<var>x</var>|<var>c</var>)`, key: "lf-own" },
  {
    name: html`Powered, <var>p</var>(<var>x</var>)·<var>p</var>(<var>c</var>|<var>x</var>)<sup><var>s</var></sup>`,
    key: "lf-powered",
  },
  { name: html`Softmax at <var>T</var> = 1/<var>s</var>`, key: "lf-tempered" },
  { name: html`What the sampler draws`, key: "lf-flowed" },
];
const WORLDS = {
  "classes overlap": { modes: [1], others: [-1] },
  "classes apart": { modes: [3], others: [-3] },
  "two modes": { modes: [1, 4.5], others: [-1] },
};

// --- what does not move with s, and the four distributions; each kept until it changes
const keeping = (make) => {
  let key, value;
  return (...parts) => {
    const now = JSON.stringify(parts);
    if (now !== key) [key, value] = [now, make(...parts)];
    return value;
  };
};
const logitsAt = (x, modes, others) => x.map((at) => classLogits(at, modes, others));
const world = keeping((modes, others) => {
  const logits = logitsAt(GRID, modes, others),
    [own] = guidedDensities(logits, 1),
    [other] = guidedDensities(
      logits.map(([ours, theirs]) => [theirs, ours]),
      1,
    );
  return { logits, own: line(even(own)), other: line(even(other)) };
});
const distributions = keeping((modes, others, s) => {
  const { logits } = world(modes, others),
    densities = guidedDensities(logits, s),
    points = guidedPoints(modes, others, s);
  return {
    densities,
    points,
    outcomes: [
      ...densities.map((shares) => outcome(GRID, shares, logits)),
      outcome(points.x, points.shares, logitsAt(points.x, modes, others)),
    ],
  };
});
const stateOf = (view) => [view.get("modes"), view.get("others"), view.get("scale")];

const line = (points) => `M${points.map(([x, density]) => `${across(x)} ${down(density)}`).join("L")}`;
const even = (shares) => shares.flatMap((share, k) => (k % 2 ? [] : [[GRID[k], share / STEP]]));
// Points that were evenly spread are dense where the flow brought them together.
const uneven = ({ x, shares }) =>
  x.slice(1).map((at, k) => [(at + x[k]) / 2, (shares[k] + shares[k + 1]) / 2 / (at - x[k])]);
const area = (path) => `${path}L1.1 1L-.2 1Z`;

const TICKS = [-6, -4, -2, 0, 2, 4, 6, 8];

function picture(view) {
  const { own, other } = world(...stateOf(view).slice(0, 2)),
    { densities, points } = distributions(...stateOf(view));
  const [, powered, tempered] = densities.map((shares) => line(even(shares)));
  return html`<div class="lf-drawing lf-densities" aria-hidden="true"><div><svg
    viewBox="0 0 1 1" preserveAspectRatio="none">${svg`<path
      class="lf-grid" d=${TICKS.map((x) => `M${across(x)} 0V1`).join("")}/><path class="lf-other" d=${other}/><path
      class="lf-own" d=${area(own)}/><path class="lf-tempered" d=${tempered}/><path
      class="lf-flowed" d=${line(uneven(points))}/><path class="lf-powered" d=${powered}/>`}</svg></div>
    ${TICKS.map((x) => html`<span class="lf-across" style="--at:${across(x)}">${minus(x)}</span>`)}
    <span class="lf-title">density over <var>x</var></span><span class="lf-rest">dotted: the other class</span></div>`;
}

const HEADS = html`<div class="lf-outcome lf-heads" aria-hidden="true"><span></span><span
  class="lf-ends"><span>0</span><span>fidelity</span><span>1</span></span><span>fidelity</span><span>mean</span><span
  >spread</span></div>`;

const results = ({ outcomes }) => html`<div class="lf-outcomes">
  ${HEADS}
  ${ROWS.map(({ name, key }, k) => {
    const { fidelity, mean, spread } = outcomes[k];
    const mark = svg`<path class=${key} d=${k ? "M1 7H29" : "M1 13V3H29V13Z"}/>`;
    return html`<div class="lf-outcome"><span class="lf-which"><svg
        class=${key} viewBox="0 0 30 14" aria-hidden="true">${mark}</svg><span>${name}</span></span>
      <span class="lf-bar" style="--p:${fidelity}" aria-hidden="true"><i></i></span>
      <span class="lf-p"><span class="lf-hidden">fidelity </span>${decimals(fidelity)}</span>
      <span><span class="lf-hidden">, mean </span>${rounded(mean, 2)}</span><span><span
        class="lf-hidden">, spread </span>${rounded(spread, 2)}</span></div>`;
  })}</div>`;

const clean = (x) => Number(x.toFixed(6)); // 0.3 − 1 is −0.7 to a reader

function control(view) {
  const s = view.get("scale"),
    set = (scale) => view.change({ scale: clean(scale) }),
    name = "Guidance scale";
  const range = { min: 0, max: SCALE_MAX, step: 0.1 };
  return html`<div class="lf-scale lf-strength"><div class="lf-line"><span
    class="lf-label" aria-hidden="true"><span>Guidance scale </span><i>s</i></span>
    ${numberField(view, {
      id: "s",
      name,
      ...range,
      accepts: isScale,
      set,
      text: () => String(view.get("scale")),
      refusal: () => `The guidance scale goes from 0 to ${SCALE_MAX}: it stays at ${view.get("scale")}.`,
    })}
    <span class="lf-stops">${STOPS.map((stop) => button(`s = ${stop}`, () => set(stop), s === stop))}</span></div>
    <div class="lf-plot lf-bare">${slider(view, {
      kind: "lf-temperature",
      name,
      words: `s = ${s}`,
      ...range,
      value: s,
      at: s,
      from: (x) => x,
      set,
    })}
      <div class="lf-ticks" aria-hidden="true">${Array.from(
        { length: SCALE_MAX + 1 },
        (_, tick) => html`<span style="--at:${tick / SCALE_MAX}">${tick}</span>`,
      )}</div></div></div>`;
}

const same = (view, world) => Object.keys(world).every((key) => String(view.get(key)) === String(world[key]));

function worlds(view) {
  return html`<div class="lf-presets" role="group" aria-label="Classes"><span aria-hidden="true">Try</span>
  ${Object.entries(WORLDS).map(([name, world]) => button(name, () => view.change(world), same(view, world)))}</div>`;
}

function sentence(view) {
  const s = view.get("scale"),
    [own, powered, , flowed] = distributions(...stateOf(view)).outcomes;
  const said = `s = ${s}, so w = ${minus(clean(s - 1))} and 1/s = ${s ? decimals(1 / s) : "∞"}.`;
  if (s === 1)
    return `${said} No guidance: all four agree, the draws to within the error of finite noise and finite steps.`;
  if (s === 0)
    return `${said} The condition is ignored: both classes are drawn, with fidelity ${decimals(flowed.fidelity)}.`;
  const pair = (key, digits) =>
    `${rounded(powered[key], digits)} (powered) and ${rounded(flowed[key], digits)} (drawn)`;
  const fidelity = `Fidelity goes from ${decimals(own.fidelity)} to ${pair("fidelity", 3)}`;
  return `${said} ${fidelity}, spread from ${rounded(own.spread, 2)} to ${pair("spread", 2)}.`;
}

const render = (context) =>
  figure(context, {
    name: "Guidance scale",
    invitation: "Drag the guidance scale.",
    tries,
    keys: ["scale", "modes", "others"],
    body: (view) => html`${picture(view)}${results(distributions(...stateOf(view)))}${control(view)}${worlds(view)}`,
    sentence,
  });

// --- in a link; no other figure has them, so they stay on their page
const scaleRule = {
  letter: "s",
  stays: true,
  read: number,
  write: String,
  accepts: (value) => typeof value === "number" && isScale(value),
  wanted: () => `s takes a number from 0 to ${SCALE_MAX}`,
};
const placesRule = (letter) => ({
  letter,
  stays: true,
  read: (text) => text.split(",").map(number),
  write: (places) => places.join(","),
  accepts: (value) =>
    Array.isArray(value) &&
    value.length <= MOST_MODES &&
    value.every((place) => Number.isFinite(place) && Math.abs(place) <= PLACE_MAX),
  wanted: () => `${letter} takes one to four numbers from −${PLACE_MAX} to ${PLACE_MAX}`,
});

export default {
  render,
  shared: { scale: scaleRule, modes: placesRule("modes"), others: placesRule("others") },
};
