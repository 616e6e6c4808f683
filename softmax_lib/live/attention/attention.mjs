// One head over a sentence: press the token that looks back, and its dot products become weights at T.
import { html, nothing } from "../base/parts/lit-html.mjs";
import { button, choice, figure } from "../base/controls.mjs";
import { decimals, minus } from "../base/numbers.mjs";
import { shared } from "../base/state.mjs";
import { temperatureSlider } from "../base/temperature.mjs";
import { products, readings, sentence, shown, weights } from "./state.mjs";
import { tries } from "./tries.mjs";

const STOPS = { "T → 0": 0, "T = √d": 1, "T → ∞": Infinity };

function controls(view) {
  const names = Object.keys(view.get("heads")),
    { layer, head } = shown(view),
    size = view.get("size");
  const set = (i) => view.change({ head: names[i] }, { glide: true });
  return html`<div class="lf-line lf-which"><span class="lf-label" aria-hidden="true">Head</span>${choice(
    "Head",
    names,
    names.indexOf(view.get("head")),
    set,
  )}</div>
  <p class="lf-words">Layer ${layer}, head ${head}. <i>d</i> = ${size}, and <i>T</i> is in units of
    √<i>d</i> = ${Math.sqrt(size)}.</p>
  <div class="lf-presets" role="group" aria-label="The token that looks back">${view.labels.map((label, query) =>
    button(label, () => view.change({ query }, { glide: true }), query === view.get("query")),
  )}</div>`;
}

function rows(view, p) {
  const scores = products(view),
    query = view.get("query");
  return html`<div class="lf-rows lf-scores lf-looks">
    <div class="lf-columns" aria-hidden="true"><span><i>q · k</i></span><span>0</span><span>weight</span><span
      >1</span></div>
    ${view.labels.map(
      (label, k) => html`<div class="lf-row ${k === query ? "lf-chosen" : ""}"><span class="lf-name">${label}</span>
      <span class="lf-score">${k > query ? "later" : minus(scores[k].toFixed(1))}</span>
      <span class="lf-bar" style="--p:${p[k] ?? 0}" aria-hidden="true"><i></i></span>
      <span class="lf-p">${k > query ? nothing : decimals(p[k])}</span></div>`,
    )}</div>`;
}

function body(view) {
  const { nats, alike, first } = readings(view);
  return html`${controls(view)}${rows(view, weights(view))}${temperatureSlider(view, nothing, STOPS)}
  <div class="lf-readouts"><div><span>Entropy</span><span><b>${decimals(nats, 2)}</b> nats</span></div>
    <div><span>Perplexity</span><span><b>${alike.toFixed(2)}</b> <i>tokens</i></span></div>
    <div><span>First token</span><span><b>${decimals(first)}</b></span></div></div>`;
}

const render = (context) =>
  figure(context, {
    name: "What a head looks at",
    invitation: "Press a token, drag the temperature.",
    tries,
    keys: ["head", "query", "temperature"],
    body,
    sentence,
  });

export default { render, shared: { temperature: shared.temperature } };
