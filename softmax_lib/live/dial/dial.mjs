// The temperature dial: drag or type the logits and T; see the probabilities, the formula and the entropy.
import { html } from "../base/parts/lit-html.mjs";
import { figure } from "../base/controls.mjs";
import { formula, leaders, logitRows, presets } from "../base/logits.mjs";
import { temperatureText } from "../base/numbers.mjs";
import { perplexity, softmax } from "../base/softmax.mjs";
import { shared } from "../base/state.mjs";
import { temperatureDial } from "../base/temperature.mjs";

const probabilities = (view) => softmax(view.logits, view.temperature);

function body(view) {
  const p = probabilities(view);
  return html`${logitRows(view, p)}${temperatureDial(view, p)}${formula(view, p)}${presets(view)}`;
}

function sentence(view) {
  const p = probabilities(view);
  const alike = `as uncertain as ${perplexity(p).toFixed(2)} equally likely classes`;
  return `At T = ${temperatureText(view.temperature)}, ${leaders(view, p)}; ${alike}.`;
}

const render = (context) =>
  figure(context, {
    name: "Temperature dial",
    invitation: "Drag a logit or the temperature.",
    keys: ["logits", "temperature"],
    body,
    sentence,
  });

export default { render, shared };
