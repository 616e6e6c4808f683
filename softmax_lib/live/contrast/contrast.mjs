// A picture and captions on a circle: lines as wide as each wrong caption's share of the push, and where a step turns.
import { html, nothing, svg } from "../base/parts/lit-html.mjs";
import { button, figure, numberField, slider } from "../base/controls.mjs";
import { decimals, minus } from "../base/numbers.mjs";
import { shared } from "../base/state.mjs";
import { temperatureSlider } from "../base/temperature.mjs";
import { angleAt, FULL, isAngle, LEAST, place, seen, sentence, stepped } from "./state.mjs";
import { tries } from "./tries.mjs";

const WIDEST = 14, // pixels of a line that has the whole push
  REACH = 60, // degrees of the arrow, for a turn of 1
  RING = 5; // degrees that the picture covers each way
const at = (...where) =>
  place(...where)
    .map((x) => x.toFixed(4))
    .join(" ");
const put = (angle) => {
  const [x, y] = place(angle);
  return `--x:${x.toFixed(4)};--y:${y.toFixed(4)}`;
};

// The picture follows a pointer that holds it; its slider does the same by keyboard.
function drag(view, { target, pointerId, type, clientX, clientY }) {
  if (type === "pointerdown") return target.setPointerCapture(pointerId);
  if (!target.hasPointerCapture(pointerId)) return;
  const { left, top, width, height } = target.parentNode.getBoundingClientRect();
  view.change({ angle: angleAt((clientX - left) / width, (clientY - top) / height) });
}

// From the picture along the circle, with a head.
function arrow(angle, turn) {
  if (Math.abs(turn) < LEAST) return nothing;
  const side = Math.sign(turn),
    from = angle + RING * side,
    to = from + REACH * turn,
    barb = to - 6 * side;
  const arc = `M${at(from)}A.5 .5 0 0 ${side > 0 ? 0 : 1} ${at(to)}`;
  return svg`<path class="lf-over" d="${arc}M${at(barb, 0.53)}L${at(to)}L${at(barb, 0.47)}"/>`;
}

function circle(view, { push, turn }) {
  const angle = view.get("angle"),
    angles = view.get("angles"),
    [own, ...others] = angles,
    move = (event) => drag(view, event);
  return html`<div class="lf-drawing lf-triangle lf-circle" aria-hidden="true"><svg viewBox="0 0 1 1">${svg`<path
      class="lf-edge" d="M0 .5A.5 .5 0 0 1 1 .5A.5 .5 0 0 1 0 .5"/><path
      class="lf-ideal" d="M${at(own)}L${at(angle)}"/>${others.map(
        (from, k) => svg`<path class="lf-pushing" stroke-width=${WIDEST * push[k]} d="M${at(from)}L${at(angle)}"/>`,
      )}<path class="lf-dots" d=${angles.map((one) => `M${at(one)}h0`).join("")}/><path
      class="lf-dots lf-own-dot" d="M${at(own)}h0"/>${arrow(angle, turn)}`}</svg>
    ${view.labels.map((label, k) => html`<b style=${put(angles[k])}>${label}</b>`)}<i
      class="lf-grip" style=${put(angle)} @pointerdown=${move} @pointermove=${move}></i></div>`;
}

const LEGEND = html`<p class="lf-legend" aria-hidden="true"><span><i
  class="lf-ring"></i>the picture, drag it</span><span><i
  class="lf-ring" style="border-color:var(--bar)"></i>its own caption</span><span><i
  class="lf-dot"></i>another</span><span><i class="lf-drawn"></i>a push</span><span>→ a step</span></p>`;

function readouts({ pushers, push, left }) {
  return html`<div class="lf-readouts"><div><span>Pushing</span><span><b>${pushers.toFixed(2)}</b> of ${
    push.length
  }</span></div><div><span>Probability of the others</span><span><b>${decimals(left)}</b></span></div></div>`;
}

const HEADS = html`<div class="lf-columns" aria-hidden="true"><span>−1</span><span>cosine</span><span>1</span><span
  >0</span><span>share of the push</span><span>1</span></div>`;

function captions(view, { cosines, push }) {
  return html`<div class="lf-rows lf-pushes">${HEADS}${view.labels.map((label, k) => {
    const z = cosines[k],
      share = k ? push[k - 1] : 0;
    return html`<div class="lf-row"><span class="lf-name">${label}</span>
      <span class="lf-sided" aria-hidden="true" style="--from:${(1 + Math.min(z, 0)) / 2};--to:${
        (1 + Math.max(z, 0)) / 2
      }"><i class=${z < 0 ? "lf-below" : "lf-above"}></i></span>
      <span class="lf-cosine"><span class="lf-hidden">cosine </span>${minus(z.toFixed(2))}</span>
      <span class="lf-bar" style="--p:${share}" aria-hidden="true"><i></i></span>
      <span class="lf-p"><span class="lf-hidden">, share of the push: </span>${
        k ? decimals(share) : "pulls"
      }</span></div>`;
  })}</div>`;
}

function turner(view) {
  const angle = view.get("angle"),
    set = (angle) => view.change({ angle }),
    name = "Angle of the picture",
    range = { min: 0, max: FULL, step: 1 };
  return html`<div><div class="lf-line"><span class="lf-label" aria-hidden="true">Angle</span>
    ${numberField(view, {
      id: "angle",
      name,
      ...range,
      accepts: isAngle,
      set,
      text: () => String(view.get("angle")),
      refusal: () => `An angle goes from 0 to ${FULL}: it stays at ${view.get("angle")}.`,
    })}<span class="lf-stops">${button("Take a step", () =>
      view.change({ angle: stepped(view) }, { glide: true }),
    )}</span></div>
    <div class="lf-plot lf-bare">${slider(view, {
      kind: "lf-uniform",
      name,
      words: `${angle}°`,
      ...range,
      value: angle,
      at: angle,
      from: (x) => x,
      set,
    })}</div></div>`;
}

function body(view) {
  const now = seen(view);
  return html`${circle(view, now)}${LEGEND}${temperatureSlider(view)}${readouts(now)}${turner(view)}${captions(
    view,
    now,
  )}`;
}

const render = (context) =>
  figure(context, {
    name: "Contrast on a circle",
    invitation: "Drag the temperature.",
    tries,
    keys: ["temperature", "angle", "angles", "labels"],
    body,
    sentence,
  });

export default { render, shared: { temperature: shared.temperature } };
