// The large dial: one temperature to turn, thick bars that follow, and the logits behind a button.
import { html, nothing } from "../base/parts/lit-html.mjs";
import { nameOf } from "../base/animals.mjs";
import { figure } from "../base/controls.mjs";
import { distribution, presets, probability, rows } from "../base/logits.mjs";
import { softmax } from "../base/softmax.mjs";
import { shared } from "../base/state.mjs";
import { temperatureSlider } from "../base/temperature.mjs";
import { swept } from "./state.mjs";

const MOTION = matchMedia("(prefers-reduced-motion: no-preference)");

function body(view) {
  const p = softmax(view.logits, view.temperature);
  return html`<div class="lf-big">${temperatureSlider(view)}</div>
    <div class="lf-large">${view.labels.map(
      (label, i) => html`<div class="lf-class">${nameOf(label)}${probability(label, p[i])}</div>`,
    )}</div>
    <details class="lf-scores"><summary data-lm-suppress-shortcuts>Change the scores</summary>
      ${rows(view, { layout: "lf-only", heads: nothing, cells: () => nothing })}${presets(view)}</details>`;
}

// On a page, a figure that nobody has moved shows once what its control does, until it is touched.
function sweep({ model, el, page }) {
  const moved = ["logits", "temperature"].some((key) => String(model.get(key)) !== String(model.get("start")[key]));
  let began;
  const sweeping = {
    on: Boolean(page) && MOTION.matches && !moved && Number(model.get("temperature")) === 1,
    temperature(now) {
      began ??= now;
      const T = swept(now - began);
      if (T === undefined) sweeping.end();
      return T;
    },
    end() {
      sweeping.on = false;
    },
  };
  for (const touch of ["pointerdown", "keydown"]) el.addEventListener(touch, sweeping.end, { once: true });
  return sweeping;
}

function render(context) {
  const first = sweep(context);
  let shown;
  const draw = (view) => {
    const temperature = first.on ? first.temperature(performance.now()) : undefined;
    if (first.on || shown) view.update(); // once more at its end, when the sentence still tells what was shown
    shown = temperature === undefined ? undefined : Object.create(view, { temperature: { value: temperature } });
    return body(shown ?? view);
  };
  return figure(context, {
    name: "Large temperature dial",
    invitation: "Your turn: drag the temperature.",
    keys: ["logits", "temperature"],
    body: draw,
    sentence: (view) => distribution((first.on && shown) || view), // a copied sentence is of what its link sets
  });
}

export default { render, shared };
