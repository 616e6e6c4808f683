// The temperature dial: drag or type the logits and T; see the probabilities, the formula and the entropy.
import { html } from "../base/parts/lit-html.mjs";
import { figure } from "../base/controls.mjs";
import { distribution, formula, logitRows, presets } from "../base/logits.mjs";
import { softmax } from "../base/softmax.mjs";
import { shared } from "../base/state.mjs";
import { temperatureDial } from "../base/temperature.mjs";
import { tries } from "./tries.mjs";

function body(view) {
  const p = softmax(view.logits, view.temperature);
  return html`${logitRows(view, p)}${temperatureDial(view, p)}${formula(view, p)}${presets(view)}`;
}

const render = (context) =>
  figure(context, {
    name: "Temperature dial",
    invitation: "Drag a logit or the temperature.",
    tries,
    keys: ["logits", "temperature"],
    body,
    sentence: distribution,
  });

export default { render, shared };
