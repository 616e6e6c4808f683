// The sampler: one number u drops on the probabilities laid end to end, and the class that it hits is the pick.
import { html, nothing } from "../base/parts/lit-html.mjs";
import { button, figure, minus } from "../base/controls.mjs";
import { apart, FALL, fall, held, strip, TONES, turn, uField, uniforms, uRule, verdict } from "../base/draw.mjs";
import { logitRows, presets } from "../base/logits.mjs";
import { argmax, cumulative, flips, gumbelNoise, gumbelTotals, pick, softmax } from "../base/softmax.mjs";
import { shared, toJson } from "../base/state.mjs";
import { place, temperatures, temperatureSlider } from "../base/temperature.mjs";

// --- what the state means
const probabilities = (view, T = view.temperature) => softmax(view.logits, T);
const totals = (view, p) => gumbelTotals(p, gumbelNoise(view.get("u"), p.length));
const chosen = (view, p) => (view.get("gumbel") ? argmax(totals(view, p)) : pick(p, view.get("u")));

let known = { key: "" }; // where the pick flips does not change while T is dragged
function picksByTemperature(view) {
  const key = JSON.stringify([view.logits, view.get("u"), view.get("gumbel")]);
  if (known.key !== key) known = { key, flips: flips((T) => chosen(view, probabilities(view, T)), temperatures) };
  return known.flips;
}

function draw(view) {
  const [u] = uniforms(view, 1);
  view.change({ u, drawn: view.get("drawn") + 1 }, { glide: FALL });
  const now = {
    class: chosen(view, probabilities(view)),
    u,
    temperature: toJson(view.temperature),
    gumbel: view.get("gumbel"),
  };
  view.change({ picks: [...view.get("picks"), now] }, { glide: FALL });
}

// --- the four tries; each is done after enough picks at its temperatures, and a pick counts for the try that was open
const ENOUGH = 3,
  HOT = 5,
  COLD = 0.2;
const TRIES = [
  [`Draw ${ENOUGH} samples. Which classes come?`, () => true],
  [`Set T to ${HOT} or more, draw ${ENOUGH} more. Who comes now?`, (T) => T >= HOT],
  [`Set T to ${COLD} or less, draw ${ENOUGH} more. Always the same?`, (T) => T <= COLD],
  ["Hold u still and move T. Where does the pick flip?", () => false],
];

function guide(view, now) {
  const picks = view.get("picks"),
    last = picks.at(-1);
  let open = 0,
    left = ENOUGH;
  for (const { temperature } of picks) {
    if (!TRIES[open][1](Number(temperature)) || --left) continue;
    open += 1;
    left = ENOUGH;
  }
  if (open === TRIES.length - 1 && held(view, last) && last.class !== now) {
    return html`<p class="lf-guide"><b>Done</b> It picked ${view.labels[last.class]} at T = ${temperatureText(Number(last.temperature))}, and now picks ${view.labels[now]}.</p>`;
  }
  return html`<p class="lf-guide"><b>Try ${open + 1} of ${TRIES.length}</b> ${TRIES[open][0]}</p>`;
}

// --- the parts, from top to bottom
const controls = (view) => html`<div class="lf-draw">
  <button type="button" class="lf-first" data-lm-suppress-shortcuts @click=${() => draw(view)}>Draw one sample</button>
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
      return html`<div class="lf-lap ${k === now ? "lf-hit" : ""}"><b>${view.labels[k]}</b>
        <span class="lf-way" aria-hidden="true" style="--start:${across(start)};--low:${low};--high:${high};--end:${across(ends[k])}">${
          q > 0
            ? html`<i class="lf-noise"></i><i class="lf-from"></i>${ends[k] < LEFT ? html`<b>◂</b>` : html`<i class="lf-end"></i>`}`
            : nothing
        }</span>
        <span class="lf-sum"><span class="lf-noisy">${signed(start)}${q ? ` ${ends[k] < start ? "−" : "+"} ${Math.abs(ends[k] - start).toFixed(2)}` : nothing} = </span><b>${signed(ends[k])}</b></span></div>`;
    })}<p class="lf-key" aria-hidden="true"><span><i class="lf-from"></i> ln p</span><span><i class="lf-noise"></i> noise</span><span><i class="lf-end"></i> total: the largest wins</span></p></div>`;
}

const signed = (x) => (x === -Infinity ? "−∞" : minus(x.toFixed(2)));

function result(view, p, now) {
  const label = view.labels[now];
  if (view.get("gumbel"))
    return html`<p class="lf-verdict"><span>largest total</span><span aria-hidden="true">→</span><b>${label}</b></p>`;
  return verdict(bounds(p, now, view.get("u")), label);
}

function bounds(p, now, u) {
  const sums = cumulative(p);
  return apart([now ? sums[now - 1] : 0, u, sums[now] === sums.at(-1) ? 1 : sums[now]]);
}

// Above the temperature slider, on its axis: which class this u picks at each T.
function lane(view) {
  const found = picksByTemperature(view).map(([T, k]) => [place(T), view.labels[k]]),
    t = place(view.temperature);
  return html`<p class="lf-hint" aria-hidden="true">picked at each <i>T</i> by this ${view.get("gumbel") ? "noise" : html`<i>u</i>`}</p>
    <div class="lf-lane" aria-hidden="true">${found.map(([from, label], n) => {
      const to = found[n + 1]?.[0] ?? 1,
        here = (from <= t || n === 0) && (t < to || n === found.length - 1);
      return html`<span class="${TONES[n % 2]} ${here ? "lf-hit" : ""}" style="--from:${from};--p:${to - from}">${to - from > 0.11 ? html`<b>${label}</b>` : nothing}</span>`;
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
  return html`${guide(view, now)}${controls(view)}${view.get("gumbel") ? race(view, p, now) : fall(view, { p, names: view.labels, now })}${result(view, p, now)}
    ${temperatureSlider(view, lane(view))}${pastPicks(view)}${logitRows(view, p)}${presets(view)}`;
}

function sentence(view) {
  const p = probabilities(view),
    now = chosen(view, p),
    label = view.labels[now],
    count = view.get("picks").length;
  const [low, u, high] = bounds(p, now, view.get("u"));
  const what = view.get("gumbel")
    ? `With this noise ${label} has the largest total, ${signed(totals(view, p)[now])}.`
    : `u = ${u} picks ${label}, from ${low} to ${high}.`;
  return `${what} ${flipWords(view)}${count ? ` Past picks: ${count}.` : ""}`;
}

function flipWords(view) {
  const stretches = picksByTemperature(view).map(([T, k]) => [Number(T.toPrecision(3)), view.labels[k]]);
  const [[, first], ...rest] = stretches.filter(([T], n) => T !== stretches[n + 1]?.[0]); // too short to be said
  if (!rest.length) return `Held still, it picks ${first} at every T.`;
  return `Held still while T rises, it picks ${first}, ${rest.map(([T, label]) => `from ${T} ${label}`).join(", ")}.`;
}

const render = (context) =>
  figure(context, {
    name: "Sampler",
    invitation: "One number decides.",
    keys: ["logits", "temperature", "u", "gumbel", "drawn", "picks"],
    program: (view) => (view.get("gumbel") ? "gumbel_program" : "program"),
    body,
    sentence,
  });

export default { render, shared: { ...shared, u: uRule } };
