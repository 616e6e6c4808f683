// Three classes in a triangle: the path of p from the centre to a corner, 500 relaxed draws, and their mean.
import { html, svg } from "../base/parts/lit-html.mjs";
import { button, figure } from "../base/controls.mjs";
import { logitRows } from "../base/logits.mjs";
import { entmax } from "../base/softmax.mjs";
import { shared, temperatures } from "../base/state.mjs";
import { temperatureSlider } from "../base/temperature.mjs";
import { distribution, experiment, FUNCTIONS, logitsOf, place, probabilities, sentence } from "./state.mjs";
import { tries } from "./tries.mjs";

const at = (p) =>
  place(p)
    .map((x) => x.toFixed(4))
    .join(" ");
const EVERY = [0, ...temperatures, Infinity];

const functions = (view) =>
  html`<div class="lf-presets lf-functions" role="group" aria-label="Function">${Object.entries(FUNCTIONS).map(
    ([name, alpha]) => button(name, () => view.change({ alpha }, { glide: true }), alpha === view.get("alpha")),
  )}<span class="lf-apart"></span>${button("New draws", () => view.change({ seed: view.get("seed") + 1 }))}</div>`;

// The ring follows a pointer that holds it; the logits below do the same by keyboard.
function drag(view, { target, pointerId, type, clientX, clientY }) {
  if (type === "pointerdown") return target.setPointerCapture(pointerId);
  if (!target.hasPointerCapture(pointerId)) return;
  const { left, top, width, height } = target.parentNode.getBoundingClientRect();
  view.change({ logits: logitsOf(view, distribution((clientX - left) / width, (clientY - top) / height)) });
}

function triangle(view, p, { draws, mean }) {
  const alpha = view.get("alpha"),
    path = EVERY.map((T) => at(entmax(view.logits, T, alpha))).join("L"),
    [x, y] = place(p),
    [across, down] = place(mean),
    move = (event) => drag(view, event);
  return html`<div class="lf-drawing lf-triangle" aria-hidden="true"><svg
      viewBox="0 0 1 1" preserveAspectRatio="none">${svg`<path
      class="lf-edge" d="M0 1H1L.5 0Z"/><path class="lf-dots" d=${draws.map((row) => `M${at(row)}h0`).join("")}/><path
      class="lf-path" d="M${path}"/>`}</svg>
    ${view.labels.map((label, k) => html`<b class=${CORNERS[k]}>${label}</b>`)}<i
      class="lf-mean" style="--x:${across};--y:${down}"></i><i class="lf-grip" style="--x:${x};--y:${y}"
      @pointerdown=${move} @pointermove=${move}></i></div>`;
}
const CORNERS = ["lf-left", "lf-right", "lf-upper"];

const LEGEND = html`<p class="lf-legend" aria-hidden="true"><span><i
  class="lf-ring"></i><var>p</var>, drag it</span><span><i
  class="lf-route"></i>its path as <var>T</var> falls</span><span><i class="lf-dot"></i>a draw</span><span><i
  class="lf-cross"></i>mean of the draws</span></p>`;

function readouts(view, { largest, zeros }) {
  const each = view.labels.map((label, k) => html`${k ? ", " : ""}${label} <b>${largest[k]}</b>`);
  return html`<div class="lf-readouts"><div><span>Largest in</span><span>${each} of 500</span></div>
    <div><span>With an exact zero</span><span><b>${zeros}</b></span></div></div>`;
}

function body(view) {
  const p = probabilities(view),
    drawn = experiment(view);
  return html`${functions(view)}${triangle(view, p, drawn)}${LEGEND}${temperatureSlider(view)}${readouts(
    view,
    drawn,
  )}${logitRows(view, p)}`;
}

const render = (context) =>
  figure(context, {
    name: "Triangle of three classes",
    invitation: "Drag the temperature.",
    tries,
    keys: ["logits", "temperature", "alpha", "seed"],
    body,
    sentence,
  });

export default { render, shared: { temperature: shared.temperature } };
