// The sampler: one number u drops on the probabilities laid end to end, and the class that it hits is the pick.
import { html, nothing } from "../base/parts/lit-html.mjs";
import { button, figure } from "../base/controls.mjs";
import { FALL, fall, strip, TONES, turn, uField, verdict } from "../base/draw.mjs";
import { logitRows, presets } from "../base/logits.mjs";
import { place, shared } from "../base/state.mjs";
import { temperatureSlider } from "../base/temperature.mjs";
import { uRule } from "../base/uniform.mjs";
import { bounds, chosen, drawn, picksByTemperature, probabilities, sentence, signed, totals } from "./state.mjs";
import { tries } from "./tries.mjs";

const draw = (view) => view.change(drawn(view), { glide: FALL });

// --- the parts, from top to bottom
const controls = (view) => html`<div class="lf-draw">
  ${button("Draw one sample", () => draw(view), nothing, "lf-first")}
  ${uField(view)}
  ${button("Gumbel-max", () => view.change({ gumbel: !view.get("gumbel") }), view.get("gumbel"))}</div>`;

// The same draw by Gumbel-max: everybody starts at ln p, noise moves them, the furthest right wins.
const [LEFT, RIGHT] = [-8, 6];
const across = (x) => Math.min(1, Math.max(0, (x - LEFT) / (RIGHT - LEFT)));

function race(view, p, now) {
  const ends = totals(view, p);
  return html`<div class="lf-race ${turn(view)}">
    ${p.map((q, k) => {
      const start = Math.log(q),
        low = across(Math.min(start, ends[k])),
        high = across(Math.max(start, ends[k]));
      const end = ends[k] < LEFT ? html`<b>◂</b>` : html`<i class="lf-end"></i>`,
        noise = ` ${ends[k] < start ? "−" : "+"} ${Math.abs(ends[k] - start).toFixed(2)}`;
      return html`<div class="lf-lap ${k === now ? "lf-hit" : ""}"><b>${view.labels[k]}</b>
        <span class="lf-way" aria-hidden="true"
          style="--start:${across(start)};--low:${low};--high:${high};--end:${across(ends[k])}">${
            q > 0 ? html`<i class="lf-noise"></i><i class="lf-from"></i>${end}` : nothing
          }</span>
        <span class="lf-sum"><span class="lf-noisy">${signed(start)}${q ? noise : nothing} = </span><b>${signed(
          ends[k],
        )}</b></span></div>`;
    })}<p class="lf-key" aria-hidden="true"><span><i class="lf-from"></i> ln p</span><span><i
      class="lf-noise"></i> noise</span><span><i class="lf-end"></i> total: the largest wins</span></p></div>`;
}

function result(view, p, now) {
  const label = view.labels[now];
  if (view.get("gumbel"))
    return html`<p class="lf-verdict"><span>largest total</span><span aria-hidden="true">→</span><b>${label}</b></p>`;
  return verdict(bounds(p, now, view.get("u")), label);
}

// Above the temperature slider, on its axis: which class this u picks at each T.
function lane(view) {
  const found = picksByTemperature(view).map(([T, k]) => [place(T), view.labels[k]]),
    t = place(view.temperature);
  return html`<p class="lf-hint" aria-hidden="true">picked at each <i>T</i> by this ${
    view.get("gumbel") ? "noise" : html`<i>u</i>`
  }</p>
    <div class="lf-lane" aria-hidden="true">${found.map(([from, label], n) => {
      const to = found[n + 1]?.[0] ?? 1,
        here = (from <= t || n === 0) && (t < to || n === found.length - 1);
      return html`<span class="${TONES[n % 2]} ${here ? "lf-hit" : ""}" style="--from:${from};--p:${to - from}">${
        to - from > 0.11 ? html`<b>${label}</b>` : nothing
      }</span>`;
    })}<i></i></div>`;
}

const pastPicks = (view) =>
  strip(
    view,
    view.get("picks"),
    (one) => view.labels[one.class],
    () => view.change({ picks: [] }),
  );

function body(view) {
  const p = probabilities(view),
    now = chosen(view, p);
  const drawing = view.get("gumbel") ? race(view, p, now) : fall(view, { p, names: view.labels, now });
  return html`${controls(view)}${drawing}${result(view, p, now)}
    ${temperatureSlider(view, lane(view))}${pastPicks(view)}${logitRows(view, p)}${presets(view)}`;
}

const render = (context) =>
  figure(context, {
    name: "Sampler",
    invitation: "One number decides.",
    tries,
    keys: ["logits", "temperature", "u", "gumbel", "drawn", "picks"],
    program: (view) => (view.get("gumbel") ? "gumbel_program" : "program"),
    body,
    sentence,
  });

export default { render, shared: { ...shared, u: uRule } };
