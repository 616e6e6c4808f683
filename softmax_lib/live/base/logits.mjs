// One row a class: name, draggable logit, number, and what it turns into; ready-made logits; the formula of the chosen
// row.
import { html, mathml, nothing } from "./parts/lit-html.mjs";
import { nameOf } from "./animals.mjs";
import { button, numberField, slider } from "./controls.mjs";
import { decimals, minus, temperatureText } from "./numbers.mjs";
import { perplexity, softmax } from "./softmax.mjs";
import { isLogit, LOGIT_LIMIT } from "./state.mjs";

export const logitRows = (view, p) =>
  rows(view, {
    heads: html`<span>0</span><span>probability</span><span>1</span>`,
    cells: (label, i) => probability(label, p[i]),
  });

export const probability = (label, p) => html`<span class="lf-bar" style="--p:${p}" aria-hidden="true"><i></i></span>
    <span class="lf-p"><span class="lf-hidden">Probability of ${label}: </span>${decimals(p)}</span>`;

// `cells` draws what stands to the right of a class's logit; `heads` names those columns, `foot` closes them.
export const rows = (view, { layout = "", heads, cells, foot = nothing }) => html`<div class="lf-rows ${layout}">
  <div class="lf-columns" aria-hidden="true"><span>−${LOGIT_LIMIT}</span><span>logit</span><span
    >${LOGIT_LIMIT}</span>${heads}</div>
  ${view.labels.map((label, i) => row(view, label, i, cells(label, i)))}${foot}</div>`;

function row(view, label, i, cells) {
  const z = view.logits[i],
    name = `Logit of ${label}`;
  const set = (value) => view.change({ logits: view.logits.map((z, k) => (k === i ? value + 0 : z)) }); // −0 becomes 0
  const choose = () => view.choose(i),
    range = { min: -LOGIT_LIMIT, max: LOGIT_LIMIT, step: 0.1 };
  return html`<div class="lf-row ${i === view.chosen ? "lf-chosen" : ""}" style="--z:${z / LOGIT_LIMIT}"
    @pointerenter=${choose} @pointerdown=${choose} @focusin=${choose}>
    ${nameOf(label)}
    ${slider(view, { kind: "lf-logit", name, words: minus(z), ...range, value: z, at: z, from: (x) => x, set })}
    ${numberField(view, {
      id: i,
      name,
      ...range,
      set,
      accepts: isLogit,
      text: () => String(view.logits[i]),
      refusal: () => `A logit goes from −${LOGIT_LIMIT} to ${LOGIT_LIMIT}: ${label} stays at ${minus(view.logits[i])}.`,
    })}
    ${cells}</div>`;
}

// In words.
export function leaders(view, p) {
  const top = Math.max(...p),
    names = view.labels.filter((_, i) => p[i] === top);
  const lead = names.length === 1 ? `${names[0]} leads with` : `${names.join(", ")} share the lead, each with`;
  return `${lead} ${decimals(top)}`;
}

// softmax(logits, T) in one sentence.
export function distribution(view) {
  const p = softmax(view.logits, view.temperature);
  const alike = `as uncertain as ${perplexity(p).toFixed(2)} equally likely classes`;
  return `At T = ${temperatureText(view.temperature)}, ${leaders(view, p)}; ${alike}.`;
}

// A logit by rank, 0 for the first class.
const PRESETS = {
  peaked: (rank) => (rank ? -rank / 2 : 5),
  tie: (rank) => (rank < 2 ? 2 : 0.5 - rank / 2),
  uniform: () => 0,
  "one negative": (rank, classes) => (rank === classes - 1 ? -3 : 2 - rank / 2),
  "long tail": (rank) => 4 - 2.4 * Math.log(1 + rank), // Zipf: the probability falls with a power of the rank
};

export function presets(view) {
  const classes = view.labels.length;
  const tenths = (z) => Math.round(10 * Math.max(-LOGIT_LIMIT, z)) / 10;
  const take = (logit) =>
    view.change({ logits: view.labels.map((_, i) => tenths(logit(i, classes))) }, { glide: true });
  return html`<div class="lf-presets" role="group" aria-label="Ready-made logits"><span aria-hidden="true">Try</span>
  ${Object.entries(PRESETS).map(([name, logit]) => button(name, () => take(logit)))}</div>`;
}

// --- p(cat) = e^(2/0.7) / Σ e^(z/0.7) = 17.4/24.9 = 0.698, in MathML; at the stops the limit that takes its place
export const fraction = (top, bottom) => mathml`<mfrac><mrow>${top}</mrow><mrow>${bottom}</mrow></mfrac>`;
export const mn = (text) => mathml`<mn>${text}</mn>`;

// Three digits or all before the point, with an exponent where that is too long.
function large(x) {
  if (x >= 1e-3 && x < 1e5) return mn(x < 100 ? Number(x.toPrecision(3)) : Math.round(x));
  return mn(minus(x.toExponential(2).replace("+", "")));
}

function terms(z, T, logits) {
  if (T === Infinity) return fraction(mn(1), mn(logits.length));
  if (T === 0) {
    const top = Math.max(...logits);
    return z === top ? fraction(mn(1), mn(logits.filter((other) => other === top).length)) : nothing;
  }
  const power = (base) =>
    mathml`<msup><mi>e</mi><mrow>${base}${T === undefined ? nothing : mathml`<mo>/</mo><mn>${T}</mn>`}</mrow></msup>`;
  const weight = (logit) => Math.exp(logit / (T ?? 1));
  const weights = logits.map(weight);
  const symbol = mathml`<msub><mi>z</mi><mi>j</mi></msub>`;
  const inSymbols = fraction(power(mn(minus(z))), mathml`<munder><mo>∑</mo><mi>j</mi></munder>${power(symbol)}`);
  const inNumbers = fraction(large(weight(z)), large(weights.reduce((a, b) => a + b)));
  return mathml`${inSymbols}<mo>=</mo>${inNumbers}`;
}

export function formula(view, p) {
  const { chosen, logits, temperature: T } = view;
  const right = terms(logits[chosen], T, logits);
  const limit =
    T === 0 || T === Infinity
      ? mathml`<munder><mi>lim</mi><mrow><mi>T</mi><mo>→</mo><mn>${temperatureText(T)}</mn></mrow></munder>`
      : nothing;
  return html`<div class="lf-formula"><math display="block"><mrow>${limit}<mi>p</mi><mo
    stretchy="false">(</mo><mtext>${view.labels[chosen]}</mtext><mo
    stretchy="false">)</mo>${right === nothing ? nothing : mathml`<mo>=</mo>${right}`}<mo
    >=</mo><mn>${decimals(p[chosen])}</mn></mrow></math></div>`;
}
