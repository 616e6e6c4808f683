// From logits to probabilities at T = 1: z → e^z → p, and how a gap between two logits becomes a ratio.
import { html, mathml } from "../base/parts/lit-html.mjs";
import { choice, figure } from "../base/controls.mjs";
import { formula, fraction, leaders, mn, presets, probability, rows } from "../base/logits.mjs";
import { decimals, minus } from "../base/numbers.mjs";
import { softmax } from "../base/softmax.mjs";
import { shared } from "../base/state.mjs";
import { tries } from "./tries.mjs";

const three = (x) => (x === 1 || x >= 1000 ? x.toFixed(0) : x.toPrecision(3)); // three digits
const CROWDED = 40; // more marks than this on a bar can't be told apart
const times = (x) => (x >= 1000 ? x.toFixed(0) : decimals(x));

function body(view) {
  const p = softmax(view.logits);
  return html`${steps(view, p)}${formula(view, p)}${comparison(view, p)}${presets(view)}`;
}

function steps(view, p) {
  const weights = view.logits.map(Math.exp),
    sum = three(weights.reduce((a, b) => a + b));
  return rows(view, {
    layout: "lf-steps",
    heads: html`<span>0</span><span>probability <i>p</i></span><span>1</span><span
      class="lf-weight">→ <i>e<sup>z</sup></i> →</span>`,
    cells: (label, i) =>
      html`<span class="lf-weight"><span class="lf-hidden">e to the logit of ${label}: </span>${three(
        weights[i],
      )}</span>${probability(label, p[i])}`,
    foot: html`<div class="lf-row lf-total"><span class="lf-name">sum</span><span class="lf-weight">${sum}</span>
      <span class="lf-note">each <i>e<sup>z</sup></i> ÷ ${sum}</span><span class="lf-p">1</span></div>`,
  });
}

function pair(view, p) {
  const i = view.get("first"),
    k = view.get("second"),
    { labels, logits } = view;
  return {
    i,
    k,
    first: labels[i],
    second: labels[k],
    gap: Number((logits[i] - logits[k]).toFixed(12)),
    ratio: p[i] / p[k],
  };
}

function comparison(view, p) {
  const { i, k, first, second, gap, ratio } = pair(view, p),
    bracket = (z) => (z < 0 ? mathml`<mo>(</mo>${mn(minus(z))}<mo>)</mo>` : mn(z));
  const probabilityOf = (label) =>
    mathml`<mi>p</mi><mo stretchy="false">(</mo><mtext>${label}</mtext><mo stretchy="false">)</mo>`;
  const both = fraction(probabilityOf(first), probabilityOf(second));
  const power = (exponent) => mathml`<msup><mi>e</mi><mrow>${exponent}</mrow></msup>`;
  const difference = mathml`${mn(minus(view.logits[i]))}<mo>−</mo>${bracket(view.logits[k])}`;
  const many = Math.max(ratio, 1 / ratio),
    bar = (larger) => html`<i class=${!larger ? "lf-one" : many > CROWDED ? "" : "lf-many"}></i>`;
  return html`<div class="lf-pair">
    <div class="lf-question"><span>How many times as likely is</span>
      ${choice("First class", view.labels, i, (first) => view.change({ first }, { glide: true }))}<span>as</span>
      ${choice("Second class", view.labels, k, (second) => view.change({ second }, { glide: true }))}</div>
    <div class="lf-times" aria-hidden="true" style="--ratio:${many}">
      <span>${first}</span>${bar(ratio >= 1)}<span>${second}</span>${bar(ratio <= 1)}</div>
    <div class="lf-formula lf-ratio"><math display="block"><mrow>${both}<mo>=</mo>${power(difference)}<mo
      >=</mo>${power(mn(minus(gap)))}<mo>=</mo><mn class="lf-result">${times(ratio)}</mn></mrow></math></div></div>`;
}

function sentence(view) {
  const p = softmax(view.logits),
    { first, second, gap, ratio } = pair(view, p);
  const likely = `makes ${first} ${times(ratio)} times as likely as ${second}`;
  return `${leaders(view, p)}. The gap of ${minus(gap)} from ${second} to ${first} ${likely}.`;
}

const render = (context) =>
  figure(context, {
    name: "Probabilities",
    invitation: "Drag a logit, then compare two classes.",
    tries,
    keys: ["logits", "first", "second"],
    body,
    sentence,
  });

export default { render, shared };
