// A softmax too many: the gradient of the right loss and of the doubled one, side by side, and both losses on one
// scale.
import { html, nothing } from "../base/parts/lit-html.mjs";
import { button, choice, figure } from "../base/controls.mjs";
import { presets, rows } from "../base/logits.mjs";
import { decimals } from "../base/numbers.mjs";
import { crossEntropy, doubledFloor, doubledGradient, doubledLoss, gradient, softmax } from "../base/softmax.mjs";
import { LOGIT_LIMIT, shared } from "../base/state.mjs";
import { tries } from "./tries.mjs";

const MOST = 12; // the scale of the losses: logits from −5 to 5 lose less
const TICKS = [0, 2, 4, 6, 8, 10, 12];

const times = (x) => (x < 100 ? x.toFixed(1) : Number(x.toPrecision(2)).toLocaleString("en-GB"));
const signed = (x) => (x < 0 ? "−" : x > 0 ? "+" : "") + decimals(Math.abs(x));

const GRADIENTS = [
  { name: "Right", rule: html`<i>p</i> − <i>y</i>`, of: gradient },
  { name: "Doubled", rule: html`softmax twice`, of: doubledGradient },
];

function body(view) {
  const { logits } = view,
    target = view.get("target");
  const columns = GRADIENTS.map(({ of }) => of(logits, target));
  const two = (draw) => html`<span class="lf-two">${GRADIENTS.map(draw)}</span>`;
  return html`${truth(view, target)}${rows(view, {
    layout: "lf-doubled",
    heads: two(
      ({ name, rule }) =>
        html`<span class="lf-gradient"><b>${name} gradient</b><span>${rule}</span><span
          class="lf-signs"><span>−1</span><span>0</span><span>1</span></span></span>`,
    ),
    cells: (label, i) => two(({ name }, k) => push(`${name} gradient of ${label}`, columns[k][i], i === target)),
  })}${losses(view, target)}${presets(view)}`;
}

function truth(view, target) {
  const sure = (target) =>
    view.change({ logits: view.labels.map((_, i) => (i ? -LOGIT_LIMIT : LOGIT_LIMIT)), target }, { glide: true });
  return html`<div class="lf-truth"><span class="lf-label" aria-hidden="true">What happened:</span>
    ${choice("True class", view.labels, target, (target) => view.change({ target }, { glide: true }))}
    <span class="lf-stops">${button("Confidently wrong", () => sure(Math.min(1, view.labels.length - 1)))}${button(
      "Confidently right",
      () => sure(0),
    )}</span></div>`;
}

const push = (name, x, happened) => html`<span class="lf-push ${happened ? "lf-happened" : ""}">
  <span class="lf-sided" aria-hidden="true"
    style="--from:${(1 + Math.min(x, 0)) / 2};--to:${(1 + Math.max(x, 0)) / 2}">${
      x === 0 ? nothing : html`<i class=${x < 0 ? "lf-below" : "lf-above"}></i>`
    }</span>
  <span><span class="lf-hidden">${name}: </span>${signed(x)}${happened ? html` <em>true</em>` : nothing}</span></span>`;

function losses(view, target) {
  const floor = doubledFloor(view.labels.length),
    at = (x) => `--at:${x / MOST}`;
  const line = (name, loss, more) => html`<div class="lf-loss"><span>${name}</span>
    <span class="lf-long" aria-hidden="true"><i style=${at(loss)}></i>${more}</span><b>${decimals(loss)}</b></div>`;
  const range = html`<u style="--from:${floor / MOST};--to:${(floor + 1) / MOST}"></u><em style=${at(floor + 1)}><span
    >floor </span>${decimals(floor)} to <span>ceiling </span>${decimals(floor + 1)}</em>`;
  return html`<div class="lf-losses">${line("Right loss", crossEntropy(view.logits, target), nothing)}
    ${line("Doubled loss", doubledLoss(view.logits, target), range)}
    <div class="lf-loss" aria-hidden="true"><span></span><span class="lf-ticks">${TICKS.map(
      (tick) => html`<span style=${at(tick)}>${tick}</span>`,
    )}</span></div></div>`;
}

function sentence(view) {
  const target = view.get("target"),
    label = view.labels[target],
    p = softmax(view.logits)[target];
  const [right, doubled] = GRADIENTS.map(({ of }) => Math.abs(of(view.logits, target)[target]));
  const said = `${label} happened, with probability ${decimals(p)}.`;
  if (doubled === 0) return `${said} Neither gradient moves it.`;
  const weaker = `the doubled one −${decimals(doubled)}, ${times(right / doubled)} times weaker`;
  return `${said} The right gradient of its logit is −${decimals(right)}; ${weaker}.`;
}

const render = (context) =>
  figure(context, {
    name: "A softmax too many",
    invitation: "Choose what happened, then drag a logit.",
    tries,
    keys: ["logits", "target"],
    body,
    sentence,
  });

export default { render, shared };
