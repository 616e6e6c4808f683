// One dial, several settings: a tab for each, its scores as they are, and the temperature.
import { html, nothing } from "../base/parts/lit-html.mjs";
import { button, figure } from "../base/controls.mjs";
import { leaders, probability } from "../base/logits.mjs";
import { minus, temperatureText } from "../base/numbers.mjs";
import { perplexity, softmax } from "../base/softmax.mjs";
import { shared } from "../base/state.mjs";
import { temperatureDial } from "../base/temperature.mjs";
import { tries } from "./tries.mjs";

const probabilities = (view) => softmax(view.logits, view.temperature);
const shown = (view) => view.get("settings")[view.get("setting")];

function choose(view, setting) {
  const { labels, logits } = view.get("settings")[setting];
  view.change({ setting, labels, logits }, { glide: true });
}

function body(view) {
  const p = probabilities(view),
    settings = view.get("settings");
  return html`${
    settings.length > 1
      ? html`<div class="lf-presets lf-tabs" role="group" aria-label="Setting">${settings.map(({ name }, i) =>
          button(name, () => choose(view, i), i === view.get("setting")),
        )}</div>`
      : nothing
  }
  <p class="lf-words">${shown(view).words}</p>
  <div class="lf-rows lf-scores">
    <div class="lf-columns" aria-hidden="true"><span>score</span><span>0</span><span>probability</span><span
      >1</span></div>
    ${view.labels.map(
      (label, i) => html`<div class="lf-row"><span class="lf-name">${label}</span>
      <span class="lf-score"><span class="lf-hidden">Score of ${label}: </span>${minus(
        view.logits[i],
      )}</span>${probability(label, p[i])}</div>`,
    )}</div>
  ${temperatureDial(view, p)}`;
}

function sentence(view) {
  const p = probabilities(view);
  const alike = `as uncertain as ${perplexity(p).toFixed(2)} equally likely classes`;
  return `${shown(view).name} at T = ${temperatureText(view.temperature)}: ${leaders(view, p)}; ${alike}.`;
}

const render = (context) =>
  figure(context, {
    name: "One dial, several settings",
    invitation: "Drag the temperature.",
    tries,
    keys: ["settings", "setting", "labels", "logits", "temperature"],
    body,
    sentence,
  });

export default { render, shared };
