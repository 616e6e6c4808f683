// The reliability diagram: of the predictions made with one confidence, how many are right; and what T does to that.
import { html, svg, nothing } from "../base/parts/lit-html.mjs";
import { figure } from "../base/controls.mjs";
import { decimals, temperatureText } from "../base/numbers.mjs";
import { place, shared, temperatures } from "../base/state.mjs";
import { STOPS, temperatureSlider } from "../base/temperature.mjs";
import { BINS, experiment, sentence } from "./state.mjs";
import { tries } from "./tries.mjs";

// --- the diagram, in units of the drawing: a strip of shares on top, below it accuracy against confidence
const LEFT = 44,
  SIDE = 290,
  TOP = 36,
  STRIP = 54,
  HIGH = 206,
  BASE = TOP + STRIP + 14 + HIGH;
const across = (x) => LEFT + x * SIDE,
  up = (y) => BASE - y * HIGH;
const box = (b, low, high, scale, inset = 1) => {
  const from = (across(b / BINS) + inset).toFixed(1),
    to = (across((b + 1) / BINS) - inset).toFixed(1);
  return `M${from} ${scale(low).toFixed(1)}H${to}V${scale(high).toFixed(1)}H${from}Z`;
};
const path = (curve, draw) => curve.map((bin, b) => (bin.count ? draw(bin, b) : "")).join("");
const whisker = ({ confidence, reach }, b) => {
  const x = across((b + 0.5) / BINS),
    low = up(Math.max(0, confidence - reach)),
    high = up(Math.min(1, confidence + reach));
  const caps = [low, high].map((y) => `M${(x - 4).toFixed(1)} ${y.toFixed(1)}h8`);
  return `${caps.join("")}M${x.toFixed(1)} ${low.toFixed(1)}V${high.toFixed(1)}`;
};
const QUARTERS = [0, 0.25, 0.5, 0.75, 1];
const GRID = [...QUARTERS.map(up), TOP + STRIP].map((y) => `M${LEFT} ${y}H${LEFT + SIDE}`).join("");
const LABELS = svg`${QUARTERS.map(
  (at) => svg`<text x=${LEFT - 5} y=${up(at) + 4} text-anchor="end">${at}</text><text
    x=${across(at)} y=${BASE + 15} text-anchor="middle">${at}</text>`,
)}
  <text x=${LEFT + SIDE / 2} y=${BASE + 31} text-anchor="middle">confidence</text><text
    transform="translate(9 ${up(0.5)}) rotate(-90)" text-anchor="middle">accuracy</text>`;

const line = (x, y, kind) => svg`<path class=${kind} d="M${across(x).toFixed(1)} ${y + 4}V${TOP + STRIP}"/>`;
const word = (x, y, kind, words) => {
  const within = Math.min(Math.max(across(x), LEFT + 78), LEFT + SIDE - 78).toFixed(1);
  return svg`<text class="lf-word ${kind}" x=${within} y=${y} text-anchor="middle">${words}</text>`;
};

function diagram({ curve, accuracy, confidence }, n) {
  const shares = path(curve, ({ count }, b) => box(b, 0, count / n, (share) => TOP + STRIP - share * STRIP));
  const caps = path(
    curve,
    ({ accuracy: hits }, b) =>
      `M${(across(b / BINS) + 1).toFixed(1)} ${(up(hits) + 2).toFixed(1)}H${(across((b + 1) / BINS) - 1).toFixed(1)}`,
  );
  const hits = path(curve, (bin, b) => box(b, 0, bin.accuracy, up));
  const gaps = path(curve, (bin, b) => box(b, bin.accuracy, bin.confidence, up, 2));
  const luck = path(curve, whisker);
  const rightWords = word(accuracy, 28, "lf-accuracy", `accuracy ${decimals(accuracy)}`),
    sureWords = word(confidence, 12, "lf-sure", `mean confidence ${decimals(confidence)}`);
  return html`<svg class="lf-diagram" viewBox="0 0 346 ${BASE + 36}" aria-hidden="true">${svg`<path
      class="lf-grid" d=${GRID}/>
    <path class="lf-sizes" d=${shares}/>${line(accuracy, 28, "lf-accuracy")}${line(confidence, 12, "lf-sure")}<text
      class="lf-word" x=${LEFT} y="28">share of the ${n}</text>${rightWords}${sureWords}
    <path class="lf-hits" d=${hits}/>
    <path class="lf-gap" d=${gaps}/><path class="lf-cap" d=${caps}/>
    <path class="lf-ideal" d="M${LEFT} ${BASE}L${LEFT + SIDE} ${up(1)}"/><path
      class="lf-halo" d=${luck}/><path
      class="lf-luck" d=${luck}/>${LABELS}`}</svg>`;
}

const LEGEND = html`<p class="lf-legend" aria-hidden="true"><span><i
  class="lf-drawn"></i>accuracy in the bin</span><span><i
  class="lf-gapped"></i>gap to its mean confidence</span><span><i
  class="lf-whisker"></i>where luck leaves a perfect model</span></p>`;

// What the drawing shows, for those who can't see it.
function spokenBin({ count, confidence, accuracy }, b) {
  if (!count) return nothing;
  const bin = `${(b / BINS).toFixed(2)} to ${((b + 1) / BINS).toFixed(2)}: ${count} examples`;
  return html`<li>${bin}, mean confidence ${decimals(confidence)}, accuracy ${decimals(accuracy)}</li>`;
}

const spoken = (curve) => html`<ul class="lf-hidden" aria-label="Bins of confidence">${curve.map(spokenBin)}</ul>`;

// --- numbers
const WIDEST = 0.3; // where the scale of the error ends
const nats = (x) => (x === Infinity ? "∞" : decimals(x));
const beside = (words) => html`<span class="lf-beside">${words}</span>`;
const score = (name, value, words = nothing) =>
  html`<div><span>${name}</span><span><b>${value}</b>${words}</span></div>`;
const on = (x) => Math.min(1, x / WIDEST);

function readouts({ accuracy, confidence, error, perfect, floor, nll, brier }) {
  return html`<div class="lf-readouts">${score("Accuracy", decimals(accuracy), beside("at every T"))}${score(
    "Confidence",
    decimals(confidence),
    beside("on average"),
  )}
    ${score("NLL", nats(nll))}${score("Brier", decimals(brier))}
    <div class="lf-gauge"><span>ECE</span><span><b>${decimals(error)}</b>${beside(
      `perfect model ${decimals(floor)}`,
    )}</span>
      <span class="lf-error" aria-hidden="true"
        style="--p:${on(error)};--from:${on(Math.min(...perfect))};--to:${on(Math.max(...perfect))}"><i></i><b></b>${
          error > WIDEST ? html`<u>▸</u>` : nothing
        }</span></div></div>`;
}

// --- the NLL along the slider's axis; beyond the top of the drawing it goes on
const curveOf = ({ loss, guess }) => {
  const most = 1.2 * guess,
    down = (x) => (1 - Math.min(2, x / most)).toFixed(4);
  const points = temperatures.filter((_, k) => k % 4 === 0).map((T) => `${place(T).toFixed(4)} ${down(loss(T))}`);
  return { most, guess: down(guess), path: `M${points.join("L")}` };
};

function lossCurve(view, { nll }, { most, guess, path: line }) {
  return html`<div class="lf-descent" aria-hidden="true"><span class="lf-title">NLL against <var>T</var></span>
  <span class="lf-guess" style="--at:${guess}">guessing<i> blindly: ln ${view.get("logits")[0].length}</i></span><svg
    viewBox="0 0 1 1" preserveAspectRatio="none">${svg`<path class="lf-ideal" d="M0 ${guess}H1"/>
  <path class="lf-fitted" d="M${place(view.get("fitted"))} 0V1"/><path class="lf-over" d=${line}/>`}</svg>
  <i class="lf-now" style="--t:${place(view.temperature)};--h:${Math.min(1, nll / most)}">${
    nll > most ? html`<b>▴</b>` : nothing
  }</i></div>`;
}

function render(context) {
  const data = experiment(context.model),
    losses = curveOf(data);
  return figure(context, {
    name: "Reliability diagram",
    invitation: "Drag the temperature until the gaps close.",
    tries: tries(data),
    keys: ["temperature"],
    body: (view) => {
      const now = data.at(view.temperature),
        fitted = Number(view.get("fitted")),
        stops = { ...STOPS, [`Fitted: T = ${temperatureText(fitted)}`]: fitted };
      return html`${LEGEND}<div
          class="lf-drawing lf-reliable">${diagram(now, data.n)}${readouts(now)}</div>${spoken(now.curve)}
        ${temperatureSlider(view, lossCurve(view, now, losses), stops)}`;
    },
    sentence: (view) => sentence(view, data),
  });
}

export default { render, shared };
