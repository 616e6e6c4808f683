// Many draws: they pour into bars until these fill the outline of p; the error falls like 1/√n.
import { html, svg, nothing } from "../base/parts/lit-html.mjs";
import { button, figure } from "../base/controls.mjs";
import { presets, rows } from "../base/logits.mjs";
import { decimals, whole } from "../base/numbers.mjs";
import { chiSquared, LIMITS, softmax, twoErrors } from "../base/softmax.mjs";
import { shared } from "../base/state.mjs";
import { temperatureSlider } from "../base/temperature.mjs";
import { emptied, experiment, MARKS, MOST, sentence, side } from "./state.mjs";
import { tries } from "./tries.mjs";

const POUR = 1500,
  POURED = 1000; // milliseconds that so many draws, or more, take to pour in
const BUDGET = 6; // milliseconds of a frame that drawing may take

// --- one figure's draws, in time: at once, or pouring in over some frames; they wait while nobody can see them
function pouring(model, el) {
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let run,
    pour = null,
    asked = 0,
    visible = true;
  const now = {
    get run() {
      return run;
    },
    get goal() {
      return pour?.to ?? run.n;
    }, // when all that was asked for has poured in
    cleared: false, // because p changed
    add(count) {
      now.cleared = false;
      cancelAnimationFrame(asked);
      const to = now.goal + count;
      pour = { from: run.n, to, spent: 0, last: performance.now(), long: count < POURED || still.matches ? 0 : POUR };
      step(pour.last);
    },
    stop() {
      cancelAnimationFrame(asked);
      asked = 0;
      pour = null;
    },
  };
  const wait = () => {
    if (pour && visible) asked ||= requestAnimationFrame(step);
  };
  function step(time) {
    asked = 0;
    pour.spent += Math.min(100, time - pour.last); // not the time off screen
    pour.last = time;
    const part = pour.long ? Math.min(1, pour.spent / pour.long) : 1;
    const goal = pour.from + Math.round((pour.to - pour.from) * part ** 2); // slowly first: that is where most happens
    const done = run.draw(goal, performance.now() + BUDGET) && run.n === pour.to;
    if (done) pour = null;
    model.set("draws", run.n);
    if (done) model.save_changes();
    wait();
  }
  const begin = () => {
    now.stop();
    run = experiment(softmax(model.get("logits"), Number(model.get("temperature"))), model.get("seed"));
    run.draw(model.get("draws"));
  };
  const follow = () => {
    if (model.get("draws") !== run.n) begin();
  }; // Reset, Clear, or Python
  const clear = () => {
    // the counts belonged to another p
    if (model.get("draws") === 0) return begin();
    now.cleared = true;
    for (const [key, value] of Object.entries(emptied(model))) model.set(key, value);
    model.save_changes();
  };
  const listeners = {
    "change:logits": clear,
    "change:temperature": clear,
    "change:seed": begin,
    "change:draws": follow,
  };
  for (const event in listeners) model.on(event, listeners[event]);
  const watch = new IntersectionObserver((entries) => {
    visible = entries.at(-1).isIntersecting;
    wait();
  });
  watch.observe(el);
  begin();
  now.end = () => {
    now.stop();
    watch.disconnect();
    for (const event in listeners) model.off(event, listeners[event]);
  };
  return now;
}

// --- the picture
const LEGEND = html`<p class="lf-legend" aria-hidden="true"><span><i class="lf-drawn"></i>drawn</span><span><i
  class="lf-outline"></i><var>p</var></span><span><i
  class="lf-whisker"></i><var>p</var> ± 2√(<var>p</var>(1 − <var>p</var>)/<var>n</var>)</span><span
  class="lf-latest">last draw</span></p>`;

function bars(view, { run }) {
  const { p, n, counts, last } = run;
  return html`${LEGEND}${rows(view, {
    layout: "lf-shares",
    heads: html`<span>0</span><span>share of the draws</span><span>1</span><span>drawn</span><span>share</span><span
      ><var>p</var></span>`,
    cells: (label, k) => {
      const reach = n ? twoErrors(p[k], n) : 0,
        from = Math.max(0, p[k] - reach),
        to = Math.min(1, p[k] + reach),
        missed = n > 0 && Math.abs(counts[k] / n - p[k]) > reach;
      return html`<span class="lf-bar" aria-hidden="true"
          style="--p:${p[k]};--share:${n && counts[k] / n};--from:${from};--to:${to}"><i></i>${
            n ? html`<b class=${missed ? "lf-missed" : ""}></b>` : nothing
          }</span>
        <span class="lf-count ${k === last ? "lf-latest" : ""}"><span
          class="lf-hidden">Drawn ${label}: </span>${whole(counts[k])}</span>
        <span class="lf-share"><span class="lf-hidden"
          >Share of ${label}${missed ? ", beyond its whisker" : ""}: </span>${n ? decimals(counts[k] / n) : "–"}</span>
        <span class="lf-p"><span class="lf-hidden">Probability of ${label}: </span>${decimals(p[k])}</span>`;
    },
  })}`;
}

const DRAWS = { "Draw one sample": 1, "Draw 10": 10, "Draw 100": 100, "Draw 1,000": 1000, "Draw 100,000": 100_000 };

function buttons(view, draws) {
  const drawing = ([name, count]) =>
    button(name, () => draw(view, draws, count), nothing, count === 1000 ? "lf-first" : nothing);
  return html`<div class="lf-draws" role="group" aria-label="Draw">${Object.entries(DRAWS).map(drawing)}${button(
    "Clear",
    () => clear(view, draws),
  )}</div>`;
}

function draw(view, draws, count) {
  if (draws.goal + count > MOST) return view.say(`The scale ends at ${whole(MOST)} draws: press Clear to begin again.`);
  view.glide(count < POURED);
  draws.add(count);
}

function clear(view, draws) {
  draws.cleared = false;
  view.change(emptied(view), { glide: true });
}

function readouts({ run }) {
  const { n, counts, p } = run,
    { statistic, degrees } = chiSquared(counts, n, p);
  const both = (number, beside) => html`<b>${number}</b> <span class="lf-beside">${beside}</span>`;
  const error = () => both(decimals(run.error), html`1/√<var>n</var> = ${decimals(n ** -0.5)}`);
  const test = () => both(statistic.toFixed(2), `${side(statistic, degrees)} ${LIMITS[degrees - 1].toFixed(2)}`);
  return html`<div class="lf-readouts">
    <div><span>Draws <var>n</var></span><span><b>${whole(n)}</b></span></div>
    <div><span>Largest error</span><span>${n ? error() : "–"}</span></div>
    <div><span>χ²</span><span>${degrees ? test() : "–"}</span></div></div>`;
}

// --- the largest error against n, both on logarithmic scales that never move: six decades of n, four of the error
const across = (n) => Math.log10(n) / 6;
const down = (error) => Math.min(1, -Math.log10(error) / 4);
const GRID = [1, 2, 3, 4, 5].map((k) => `M${k / 6} 0V1`).join("") + [1, 2, 3].map((k) => `M0 ${k / 4}H1`).join("");
const TICKS = html`${["1", "0.1", "0.01", "0.001", "0.0001"].map(
  (tick, k) => html`<span class="lf-down" style="--at:${k / 4}">${tick}</span>`,
)}
  ${["1", "100", "10⁴", "10⁶"].map((tick, k) => html`<span class="lf-across" style="--at:${k / 3}">${tick}</span>`)}
  <span class="lf-title">largest error against <var>n</var></span><span class="lf-rule">1/√<var>n</var></span>`;

function trace({ run }) {
  const points = run.errors.map((error, k) => `${across(MARKS[k]).toFixed(4)} ${down(error).toFixed(4)}`);
  if (run.n) points.push(`${across(run.n).toFixed(4)} ${down(run.error).toFixed(4)}`);
  const line = points.length ? `M${points.join("L")}` : nothing;
  return html`<div class="lf-trace" aria-hidden="true"><div><svg
    viewBox="0 0 1 1" preserveAspectRatio="none">${svg`<path class="lf-grid" d=${GRID}/>
      <path class="lf-ideal" d="M0 0L1 .75"/><path class="lf-over" d=${line}/>`}</svg>
    ${TICKS}${
      run.n ? html`<i class="lf-now" style="--t:${across(run.n)};--h:${1 - down(run.error)}"></i>` : nothing
    }</div></div>`;
}

function render(context) {
  const draws = pouring(context.model, context.el);
  const stop = figure(context, {
    name: "Histogram of draws",
    invitation: "Press Draw 1,000, then move the temperature.",
    tries,
    keys: ["logits", "temperature", "seed", "draws"],
    final: true, // a step on the way would clear the counts
    body: (view) =>
      html`${bars(view, draws)}${temperatureSlider(view)}${buttons(view, draws)}<div
        class="lf-results">${readouts(draws)}${trace(draws)}</div>${presets(view)}`,
    sentence: (view) => sentence(view, draws),
  });
  return () => {
    draws.end();
    stop();
  };
}

export default { render, shared };
