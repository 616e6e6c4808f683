// The sampler: one number u drops on the probabilities laid end to end, and the class that it hits is the pick.
import { html, nothing, svg } from "./parts/lit-html.mjs";
import { button, decimals, figure, minus, numberField, slider, temperatureText } from "./controls.mjs";
import { logitRows, presets } from "./logits.mjs";
import { argmax, cumulative, flips, gumbelNoise, gumbelTotals, mulberry32, pick, softmax } from "./softmax.mjs";
import { number, shared, toJson } from "./state.mjs";
import { place, temperatures, temperatureSlider } from "./temperature.mjs";

const FALL = 700; // milliseconds from the click to the pick; live.css has the parts
const STRIP = 24; // past picks shown
const ALMOST_ONE = 0.999999, MOST_DIGITS = 12;
// Classes are spelled whole: the build drops the rules of those that it finds nowhere.
const TONES = ["lf-tone-0", "lf-tone-1"]; // of neighbours
const FALLS = ["lf-drop-0", "lf-drop-1"]; // in turn, so that each draw starts the animation again

const isUniform = (u) => u >= 0 && u < 1;
const uText = (u) => String(Math.min(Number(u.toFixed(6)), ALMOST_ONE));

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
  const next = mulberry32(view.get("seed")), drawn = view.get("drawn");
  for (let skipped = 0; skipped < drawn; skipped++) next();
  const u = next();
  view.change({ u, drawn: drawn + 1 }, { glide: FALL });
  const now = { class: chosen(view, probabilities(view)), u, temperature: toJson(view.temperature), gumbel: view.get("gumbel") };
  view.change({ picks: [...view.get("picks"), now] }, { glide: FALL });
}

// --- the four tries; each is done after enough picks at its temperatures, and a pick counts for the try that was open
const ENOUGH = 3, HOT = 5, COLD = 0.2;
const TRIES = [
  [`Draw ${ENOUGH} samples. Which classes come?`, () => true],
  [`Set T to ${HOT} or more, draw ${ENOUGH} more. Who comes now?`, (T) => T >= HOT],
  [`Set T to ${COLD} or less, draw ${ENOUGH} more. Always the same?`, (T) => T <= COLD],
  ["Hold u still and move T. Where does the pick flip?", () => false],
];

function guide(view, now) {
  const picks = view.get("picks"), last = picks.at(-1);
  let open = 0, left = ENOUGH;
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

const held = (view, one) => one.u === view.get("u") && one.gumbel === view.get("gumbel");

// --- the parts, from top to bottom
const controls = (view) => html`<div class="lf-draw">
  <button type="button" class="lf-first" data-lm-suppress-shortcuts @click=${() => draw(view)}>Draw one sample</button>
  <span class="lf-u"><span class="lf-label" aria-hidden="true"><i>u</i> =</span>${numberField(view, {
    id: "u", name: "u", min: 0, max: ALMOST_ONE, step: 0.001, accepts: isUniform, set: (u) => view.change({ u }),
    text: () => uText(view.get("u")),
    refusal: () => `u goes from 0 up to 1, 1 itself excluded: it stays at ${uText(view.get("u"))}.`,
  })}</span>
  ${button("Gumbel-max", () => view.change({ gumbel: !view.get("gumbel") }), view.get("gumbel"))}</div>`;

// Segment, funnel and name belong together: however thin the segment, the funnel leads from it to its name.
function fall(view, p, now) {
  const u = view.get("u"), sums = cumulative(p), K = p.length;
  const tone = tones(p), from = (k) => (k ? sums[k - 1] : 0);
  return html`<div class="lf-fall ${FALLS[view.get("drawn") % 2]}" style="--u:${u}">
    ${slider(view, { kind: "lf-uniform", name: "u", words: `u = ${uText(u)}`, min: 0, max: 0.999, step: 0.001, value: u, at: Math.min(u, 0.999),
      from: (x) => x, set: (x) => view.change({ u: x }) })}
    <div class="lf-ticks" aria-hidden="true">${[0, 0.2, 0.4, 0.6, 0.8, 1].map((tick) => html`<span style="--at:${tick}">${tick}</span>`)}</div>
    <div class="lf-stack" aria-hidden="true">${p.map((q, k) => html`<i class="${tone[k]} ${k === now ? "lf-hit" : ""}" style="--from:${from(k)};--p:${q}"></i>`)}</div>
    <svg class="lf-funnels" aria-hidden="true" viewBox="0 0 1 1" preserveAspectRatio="none">${
      [...p.keys()].filter((k) => p[k] > 0).sort((a, b) => (a === now) - (b === now)).map((k) => svg`<path class="${tone[k]} ${k === now ? "lf-hit" : ""}"
        vector-effect="non-scaling-stroke" d=${funnel(from(k), sums[k], k / K, (k + 1) / K)} />`)}</svg>
    <ol class="lf-slots" style="--k:${K}" aria-label="Classes, in the order of the bar">${p.map((q, k) => html`<li class="${k === now ? "lf-hit" : ""} ${q ? "" : "lf-never"}"><b>${view.labels[k]}</b><span>${decimals(q)}</span>${
      k === now ? html`<span class="lf-hidden">picked</span>` : nothing}</li>`)}</ol>
    <i class="lf-drop" aria-hidden="true"></i></div>`;
}

const funnel = (a, b, c, d) => `M${a} 0C${a} .4 ${c} .6 ${c} 1L${d} 1C${d} .6 ${b} .4 ${b} 0Z`;

// Neighbours differ in tone; a segment too thin to see takes no turn.
function tones(p) {
  let turn = 0;
  return p.map((q) => TONES[(q > 0.002 ? turn++ : turn) % 2]);
}

// The same draw by Gumbel-max: everybody starts at ln p, noise moves them, the furthest right wins.
const [LEFT, RIGHT] = [-8, 6];
const across = (x) => Math.min(1, Math.max(0, (x - LEFT) / (RIGHT - LEFT)));

function race(view, p, now) {
  const ends = totals(view, p);
  return html`<div class="lf-race ${FALLS[view.get("drawn") % 2]}">
    ${p.map((q, k) => {
      const start = Math.log(q), low = across(Math.min(start, ends[k])), high = across(Math.max(start, ends[k]));
      return html`<div class="lf-lap ${k === now ? "lf-hit" : ""}"><b>${view.labels[k]}</b>
        <span class="lf-way" aria-hidden="true" style="--start:${across(start)};--low:${low};--high:${high};--end:${across(ends[k])}">${
          q > 0 ? html`<i class="lf-noise"></i><i class="lf-from"></i>${ends[k] < LEFT ? html`<b>◂</b>` : html`<i class="lf-end"></i>`}` : nothing}</span>
        <span class="lf-sum"><span class="lf-noisy">${signed(start)}${q ? ` ${ends[k] < start ? "−" : "+"} ${Math.abs(ends[k] - start).toFixed(2)}` : nothing} = </span><b>${signed(ends[k])}</b></span></div>`;
    })}<p class="lf-key" aria-hidden="true"><span><i class="lf-from"></i> ln p</span><span><i class="lf-noise"></i> noise</span><span><i class="lf-end"></i> total: the largest wins</span></p></div>`;
}

const signed = (x) => (x === -Infinity ? "−∞" : minus(x.toFixed(2)));

function verdict(view, p, now) {
  const label = view.labels[now];
  if (view.get("gumbel")) return html`<p class="lf-verdict"><span>largest total</span><span aria-hidden="true">→</span><b>${label}</b></p>`;
  const [low, u, high] = bounds(p, now, view.get("u"));
  return html`<p class="lf-verdict"><span>${low} ≤ <i>u</i> = <em>${u}</em> &lt; ${high}</span><span aria-hidden="true">→</span><b>${label}</b></p>`;
}

// The ends of the segment and u, with as many decimals as tell them apart, and from 0 and 1.
function bounds(p, now, u) {
  const sums = cumulative(p), ends = [now ? sums[now - 1] : 0, u, sums[now] === sums.at(-1) ? 1 : sums[now]];
  const distinct = new Set([0, 1, ...ends]).size;
  for (let digits = 3; ; digits++) {
    const texts = ends.map((x) => (x === 0 || x === 1 ? String(x) : x.toFixed(digits)));
    if (digits === MOST_DIGITS || new Set([0, 1, ...texts.map(Number)]).size === distinct) return texts;
  }
}

// Above the temperature slider, on its axis: which class this u picks at each T.
function lane(view) {
  const found = picksByTemperature(view).map(([T, k]) => [place(T), view.labels[k]]), t = place(view.temperature);
  return html`<p class="lf-hint" aria-hidden="true">picked at each <i>T</i> by this ${view.get("gumbel") ? "noise" : html`<i>u</i>`}</p>
    <div class="lf-lane" aria-hidden="true">${found.map(([from, label], n) => {
      const to = found[n + 1]?.[0] ?? 1, here = (from <= t || n === 0) && (t < to || n === found.length - 1);
      return html`<span class="${TONES[n % 2]} ${here ? "lf-hit" : ""}" style="--from:${from};--p:${to - from}">${to - from > 0.11 ? html`<b>${label}</b>` : nothing}</span>`;
    })}<i></i></div>`;
}

function strip(view) {
  const picks = view.get("picks");
  const current = (one) => one === picks.at(-1) && held(view, one) && Number(one.temperature) === view.temperature;
  return html`<div class="lf-strip"><div class="lf-strip-top"><span>${picks.length ? `Past picks, newest first: ${picks.length}` : "Past picks: none yet"}</span>${
    button("Clear", () => { view.change({ picks: [] }); view.say("Past picks cleared."); })}</div>
    ${picks.length ? html`<ol class="lf-past" aria-label="Past picks, newest first">${picks.slice(-STRIP).reverse().map((one) => html`<li class=${current(one) ? "lf-hit" : ""} title="u = ${uText(one.u)}"><b>${view.labels[one.class]}</b>
      <span>T = ${temperatureText(Number(one.temperature))}</span></li>`)}</ol>` : html`<p>Each pick will stay here, with the T it was drawn at.</p>`}</div>`;
}

function body(view) {
  const p = probabilities(view), now = chosen(view, p);
  return html`${guide(view, now)}${controls(view)}${view.get("gumbel") ? race(view, p, now) : fall(view, p, now)}${verdict(view, p, now)}
    ${temperatureSlider(view, lane(view))}${strip(view)}${logitRows(view, p)}${presets(view)}`;
}

function sentence(view) {
  const p = probabilities(view), now = chosen(view, p), label = view.labels[now], count = view.get("picks").length;
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

// In a link, u stands beside the logits and T; to the next page it does not come along.
const u = { letter: "u", stays: true, read: number, write: String, accepts: (value) => typeof value === "number" && isUniform(value), wanted: () => "u takes a number from 0 up to 1" };

export default { render, shared: { ...shared, u } };
