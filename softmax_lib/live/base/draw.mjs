// Drawing: one number u drops on probabilities laid end to end, and where it lands is the pick.
import { html, nothing, svg } from "./parts/lit-html.mjs";
import { button, numberField, slider } from "./controls.mjs";
import { decimals, temperatureText } from "./numbers.mjs";
import { cumulative } from "./softmax.mjs";
import { ALMOST_ONE, held, isUniform, uText } from "./uniform.mjs";

export const FALL = 700; // milliseconds from the click to the pick; base.css has the parts
const STRIP = 24; // past picks shown
// Classes are spelled whole: the build drops the rules of those that it finds nowhere.
export const TONES = ["lf-tone-0", "lf-tone-1"]; // of neighbours
const FALLS = ["lf-drop-0", "lf-drop-1"]; // in turn, so that each draw starts the animation again
export const turn = (view) => FALLS[view.get("drawn") % 2];

export const uField = (view) =>
  html`<span class="lf-u"><span class="lf-label" aria-hidden="true"><i>u</i> =</span>${numberField(view, {
    id: "u",
    name: "u",
    min: 0,
    max: ALMOST_ONE,
    step: 0.001,
    accepts: isUniform,
    set: (u) => view.change({ u }),
    text: () => uText(view.get("u")),
    refusal: () => `u goes from 0 up to 1, 1 itself excluded: it stays at ${uText(view.get("u"))}.`,
  })}</span>`;

// Segment, funnel and name belong together: however thin the segment, the funnel leads from it to its name.
export function fall(view, { p, names, now, words = "Classes, in the order of the bar" }) {
  const u = view.get("u"),
    sums = cumulative(p),
    K = p.length;
  const tone = tones(p),
    from = (k) => (k ? sums[k - 1] : 0);
  return html`<div class="lf-fall ${turn(view)}" style="--u:${u}">
    ${slider(view, {
      kind: "lf-uniform",
      name: "u",
      words: `u = ${uText(u)}`,
      min: 0,
      max: 0.999,
      step: 0.001,
      value: u,
      at: Math.min(u, 0.999),
      from: (x) => x,
      set: (x) => view.change({ u: x }),
    })}
    <div class="lf-ticks" aria-hidden="true">${[0, 0.2, 0.4, 0.6, 0.8, 1].map(
      (tick) => html`<span style="--at:${tick}">${tick}</span>`,
    )}</div>
    <div class="lf-stack" aria-hidden="true">${p.map(
      (q, k) => html`<i class="${tone[k]} ${k === now ? "lf-hit" : ""}" style="--from:${from(k)};--p:${q}"></i>`,
    )}</div>
    <svg class="lf-funnels" aria-hidden="true" viewBox="0 0 1 1" preserveAspectRatio="none">${[...p.keys()]
      .filter((k) => p[k] > 0)
      .sort((a, b) => (a === now) - (b === now))
      .map(
        (k) => svg`<path class="${tone[k]} ${k === now ? "lf-hit" : ""}"
        vector-effect="non-scaling-stroke" d=${funnel(from(k), sums[k], k / K, (k + 1) / K)} />`,
      )}</svg>
    <ol class="lf-slots" style="--k:${K}" aria-label=${words}>${p.map(
      (q, k) =>
        html`<li
          class="${k === now ? "lf-hit" : ""} ${q ? "" : "lf-never"}"><b>${names[k]}</b><span>${decimals(q)}</span>${
            k === now ? html`<span class="lf-hidden">picked</span>` : nothing
          }</li>`,
    )}</ol>
    <i class="lf-drop" aria-hidden="true"></i></div>`;
}

const funnel = (a, b, c, d) => `M${a} 0C${a} .4 ${c} .6 ${c} 1L${d} 1C${d} .6 ${b} .4 ${b} 0Z`;

// Neighbours differ in tone; a segment too thin to see takes no turn.
function tones(p) {
  let turn = 0;
  return p.map((q) => TONES[(q > 0.002 ? turn++ : turn) % 2]);
}

export const verdict = ([low, u, high], name) =>
  html`<p class="lf-verdict"><span>${low} ≤ <i>u</i> = <em>${u}</em> &lt; ${high}</span><span
    aria-hidden="true">→</span><b>${name}</b></p>`;

export function strip(view, picks, name, clear) {
  const current = (one) => one === picks.at(-1) && held(view, one) && Number(one.temperature) === view.temperature;
  const head = picks.length ? `Past picks, newest first: ${picks.length}` : "Past picks: none yet";
  const clearAll = () => {
    clear();
    view.say("Past picks cleared.");
  };
  return html`<div class="lf-strip"><div class="lf-strip-top"><span>${head}</span>${button("Clear", clearAll)}</div>
    ${
      picks.length
        ? html`<ol class="lf-past" aria-label="Past picks, newest first">${picks
            .slice(-STRIP)
            .reverse()
            .map(
              (one) => html`<li class=${current(one) ? "lf-hit" : ""} title="u = ${uText(one.u)}"><b>${name(one)}</b>
      <span>T = ${temperatureText(Number(one.temperature))}</span></li>`,
            )}</ol>`
        : html`<p>Each pick will stay here, with the T it was drawn at.</p>`
    }</div>`;
}
