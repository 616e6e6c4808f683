// The temperature dial: exact field and stops, the numbers it changes, and H(T) above the slider that shares its axis.
import { html, nothing, svg } from "./parts/lit-html.mjs";
import { button, numberField, slider } from "./controls.mjs";
import { decimals, temperatureText } from "./numbers.mjs";
import { entropy, softmax } from "./softmax.mjs";
import { END, fromSlider, isTemperature, place, T_MAX, T_MIN, toJson, toSlider } from "./state.mjs";

const POINTS = 104; // of the curve

export const temperatureDial = (view, p) =>
  html`<div class="lf-scale">${line(view)}${readouts(p)}${plot(view, p)}</div>`;

// The same without the entropy, where a figure is about something else.
// `above` shares the slider's axis: `place` says where a T lies on it.
// `stops` are the buttons, each with its T.
export function temperatureSlider(view, above = nothing, stops = STOPS) {
  return html`<div class="lf-scale">${line(view, stops)}<div class="lf-plot lf-bare"
    style="--t:${place(view.temperature)}">
  ${above}${track(view)}</div></div>`;
}

const setter = (view, options) => (T) => view.change({ temperature: toJson(T) }, options);

export const STOPS = { "T → 0": 0, "T = 1": 1, "T → ∞": Infinity };

function line(view, stops = STOPS) {
  const T = view.temperature,
    set = setter(view),
    stop = setter(view, { glide: true });
  return html`<div class="lf-line"><span class="lf-label" aria-hidden="true"><span>Temperature </span><i>T</i></span>
    ${numberField(view, {
      id: "T",
      name: "Temperature",
      min: 0,
      max: T_MAX,
      step: T_MIN,
      set,
      accepts: isTemperature,
      placeholder: "∞",
      text: () => (view.temperature === Infinity ? "" : String(view.temperature)),
      refusal: () =>
        `T is 0, from ${T_MIN} to ${T_MAX}, or ∞ by its button: it stays at ${temperatureText(view.temperature)}.`,
    })}
    <span class="lf-stops">${Object.entries(stops).map(([name, at]) =>
      button(name, () => stop(at), T === at),
    )}</span></div>`;
}

function readouts(p) {
  const nats = entropy(p),
    bits = nats / Math.LN2;
  return html`<div class="lf-readouts">
    <div><span>Entropy</span><span><b>${decimals(nats, 2)}</b> nats = <b>${decimals(bits, 2)}</b> bits</span></div>
    <div><span>Perplexity</span><span><b>${Math.exp(nats).toFixed(2)}</b> <i>effective </i>classes</span></div></div>`;
}

const TICKS = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20];

function plot(view, p) {
  const { logits, temperature: T } = view,
    most = Math.log(p.length);
  return html`<div class="lf-plot">
    <div class="lf-curve" aria-hidden="true"><span
        class="lf-most ${place(T) < 0.5 ? "lf-away" : ""}">${most.toFixed(2)} nats: all ${p.length} alike</span><span
        class="lf-least">0: one class certain</span>
      <svg viewBox="0 0 1 1" preserveAspectRatio="none">${curve(logits)}</svg><i
        class="lf-now" style="--t:${place(T)};--h:${height(entropy(p), p.length)}"></i></div>
    ${track(view)}</div>`;
}

const track = (view) => html`${slider(view, {
  kind: "lf-temperature",
  name: "Temperature",
  words: `T = ${temperatureText(view.temperature)}`,
  min: -END,
  max: END,
  step: 0.01,
  value: view.temperature,
  at: toSlider(view.temperature),
  from: fromSlider,
  set: setter(view),
})}
  <div class="lf-ticks" aria-hidden="true">${TICKS.map(
    (tick) => html`<span style="--at:${place(tick)}">${tick}</span>`,
  )}</div>`;

const height = (nats, classes) => (classes > 1 ? nats / Math.log(classes) : 0);

let drawn = { key: "" }; // the curve changes with the logits only, not while T is dragged
function curve(logits) {
  if (drawn.key !== String(logits)) {
    const points = Array.from({ length: POINTS + 1 }, (_, k) => {
      const T = fromSlider(((2 * k) / POINTS - 1) * END);
      const up = height(entropy(softmax(logits, T)), logits.length);
      return `${(k / POINTS).toFixed(4)} ${(1 - up).toFixed(4)}`;
    });
    drawn = { key: String(logits), path: `M${points.join("L")}` };
  }
  return svg`<path class="lf-under" d="${drawn.path}L1 1L0 1Z"/><path
    class="lf-over" vector-effect="non-scaling-stroke" d=${drawn.path}/>`;
}
