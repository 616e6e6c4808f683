// The temperature dial: drag or type the logits and T; see the probabilities, the formula and the entropy.
import { html } from "./parts/lit-html.mjs";
import { figure, decimals, temperatureText } from "./controls.mjs";
import { formula, logitRows, presets } from "./logits.mjs";
import { perplexity, softmax } from "./softmax.mjs";
import { shared } from "./state.mjs";
import { temperatureDial } from "./temperature.mjs";

const probabilities = (view) => softmax(view.logits, view.temperature);

function body(view) {
  const p = probabilities(view);
  return html`${logitRows(view, p)}${temperatureDial(view, p)}${formula(view, p)}${presets(view)}`;
}

function sentence(view) {
  const p = probabilities(view), top = Math.max(...p);
  const leaders = view.labels.filter((_, i) => p[i] === top);
  const who = leaders.length === 1 ? `${leaders[0]} leads with` : `${leaders.join(", ")} share the lead, each with`;
  return `At T = ${temperatureText(view.temperature)}, ${who} ${decimals(top)}; as uncertain as ${perplexity(p).toFixed(2)} equally likely classes.`;
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
