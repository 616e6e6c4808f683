// Three normalisers of the same logits: divide by the sum; shift, then divide; softmax. Two of them fail in plain
// sight.
import { html, mathml, nothing } from "../base/parts/lit-html.mjs";
import { button, figure, numberField, slider } from "../base/controls.mjs";
import { fraction, leaders, presets, rows } from "../base/logits.mjs";
import { decimals, minus } from "../base/numbers.mjs";
import { shares, softmax } from "../base/softmax.mjs";
import { shared } from "../base/state.mjs";
import { tries } from "./tries.mjs";

const [SHIFT_MIN, SHIFT_MAX] = [-5, 10],
  OTHER = 5;
const isShift = (c) => c >= SHIFT_MIN && c <= SHIFT_MAX;
const [LEFT, RIGHT] = [-1, 2]; // the axis; the numbers beyond it have an arrow
const place = (x) => (Math.min(RIGHT, Math.max(LEFT, x)) - LEFT) / (RIGHT - LEFT);

const added = (view) => view.get("shift") ?? -Math.min(...view.logits) + 0; // −0 becomes 0
const shifted = (view, c) => shares(view.logits.map((z) => z + c));

const symbol = (text) => mathml`<mi>${text}</mi>`;
const ratio = (term) => html`<math display="block">${fraction(term, mathml`<mo>∑</mo>${term}`)}</math>`;
const NORMALISERS = [
  { name: "Divide by the sum", rule: ratio(symbol("z")), shares: (view) => shares(view.logits), verdict: dividing },
  {
    name: "Shift, then divide",
    rule: ratio(mathml`<mrow><mo>(</mo>${symbol("z")}<mo>+</mo>${symbol("c")}<mo>)</mo></mrow>`),
    shares: (view) => shifted(view, added(view)),
    verdict: shifting,
  },
  {
    name: "Softmax",
    rule: ratio(mathml`<msup>${symbol("e")}${symbol("z")}</msup>`),
    shares: (view) => softmax(view.logits),
    verdict: () => "✓ Always 0 to 1. Any c gives the same.",
  },
];

// --- what is wrong with some shares, in words; "" if they could be probabilities
function fault(view, values) {
  if (values.some(Number.isNaN)) return "✗ The sum is 0: nothing can be divided by it.";
  const named = (wrong) => view.labels.filter((_, i) => wrong(values[i])).join(", ");
  const below = named((x) => x < 0),
    above = named((x) => x > 1);
  if (below || above)
    return `✗ ${[below && `Below 0: ${below}.`, above && `Above 1: ${above}.`].filter(Boolean).join(" ")}`;
  const best = view.logits.indexOf(Math.max(...view.logits));
  return values[best] < Math.max(...values) ? "✗ Upside down: the smallest score gets most." : "";
}

function dividing(view, values) {
  return fault(view, values) || "✓ Passes, as no logit is negative.";
}

function shifting(view, values) {
  const wrong = fault(view, values);
  if (wrong) return wrong;
  const c = added(view),
    other = c === OTHER ? SHIFT_MAX : OTHER,
    best = view.logits.indexOf(Math.max(...view.logits));
  const there = `${decimals(shifted(view, other)[best])} at c = ${other}`;
  return `✗ Arbitrary: ${view.labels[best]} gets ${decimals(values[best])} here, ${there}.`;
}

function body(view) {
  const columns = NORMALISERS.map((normaliser) => normaliser.shares(view));
  const three = (draw) => html`<span class="lf-three">${NORMALISERS.map(draw)}</span>`;
  return html`${rows(view, {
    layout: "lf-normalised",
    heads: three(
      ({ name, rule }) =>
        html`<span class="lf-head"><b>${name}</b>${rule}<span
          class="lf-ends"><span>0</span><span>1</span></span></span>`,
    ),
    cells: (label, i) => three(({ name }, k) => share(`${name}, ${label}`, columns[k][i])),
    foot: html`<div class="lf-row lf-verdicts">${three(
      ({ verdict }, k) => html`<span>${marked(verdict(view, columns[k]))}</span>`,
    )}</div>`,
  })}${shiftLine(view)}${presets(view)}`;
}

const marked = (verdict) => html`<b>${verdict[0]}</b>${verdict.slice(1)}`;

function share(name, x) {
  const beyond = x < LEFT ? "◂" : x > RIGHT ? "▸" : nothing,
    wrong = !(x >= 0 && x <= 1);
  return html`<span class="lf-part ${wrong ? "lf-wrong" : ""}"
    style="--from:${place(Math.min(x, 0))};--to:${place(Math.max(x, 0))}">
    <span class="lf-range" aria-hidden="true">${Number.isNaN(x) ? nothing : html`<i></i>`}${
      beyond === nothing ? nothing : html`<b class=${x < 0 ? "lf-left" : "lf-right"}>${beyond}</b>`
    }</span>
    <span><span class="lf-hidden">${name}: </span>${
      wrong ? html`<span aria-hidden="true">✗ </span>` : nothing
    }${shareText(x)}</span></span>`;
}

function shareText(x) {
  if (Number.isNaN(x)) return "÷ 0";
  const size = Math.abs(x);
  return `${x < 0 ? "−" : ""}${size >= 1e5 ? size.toExponential(1) : size >= 100 ? size.toFixed(0) : decimals(size)}`;
}

function shiftLine(view) {
  const chosen = view.get("shift"),
    c = added(view),
    set = (shift) => view.change({ shift }),
    stop = (shift) => view.change({ shift }, { glide: true });
  const range = { min: SHIFT_MIN, max: SHIFT_MAX, step: 0.1 },
    name = "Shift";
  return html`<div class="lf-shift"><span class="lf-label" aria-hidden="true">Shift <i>c</i></span>
    ${numberField(view, {
      id: "c",
      name,
      ...range,
      accepts: isShift,
      set,
      text: () => String(added(view)),
      refusal: () => `The shift goes from −5 to 10: it stays at ${minus(added(view))}.`,
    })}
    <span class="lf-stops">${button("minimum", () => stop(null), chosen === null)}${button(
      `c = ${OTHER}`,
      () => stop(OTHER),
      chosen === OTHER,
    )}</span>
    ${slider(view, {
      kind: "lf-c",
      name,
      words: `c = ${minus(c)}`,
      ...range,
      value: chosen,
      at: c,
      from: (x) => x,
      set,
    })}</div>`;
}

function sentence(view) {
  const [divided, moved, p] = NORMALISERS.map((normaliser) => normaliser.shares(view));
  const dividing = fault(view, divided) ? "fails" : "passes, as no logit is negative",
    shifting = fault(view, moved) ? "fails" : "depends on c";
  return `Dividing by the sum ${dividing}; shift, then divide ${shifting}; softmax: ${leaders(view, p)}.`;
}

const render = (context) =>
  figure(context, {
    name: "Three normalisers",
    invitation: "Drag a logit below 0, or drag the shift.",
    tries,
    keys: ["logits", "shift"],
    body,
    sentence,
  });

export default { render, shared };
