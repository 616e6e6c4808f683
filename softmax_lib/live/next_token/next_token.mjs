// The next-token explorer: all scores of a language model after a prompt, the steps that choose among them, and a draw.
import { html, nothing, svg } from "../base/parts/lit-html.mjs";
import { button, figure, numberField, slider } from "../base/controls.mjs";
import { FALL, fall, strip, uField, verdict } from "../base/draw.mjs";
import { decimals, temperatureText, whole } from "../base/numbers.mjs";
import { temperatureSlider } from "../base/temperature.mjs";
import { apart } from "../base/uniform.mjs";
import {
  across,
  classes,
  drawn,
  FILES,
  marked,
  moved,
  NAMES,
  outcome,
  OWN,
  ROWS,
  rules,
  scores,
  sentence,
  SETTINGS,
  slots,
  unpacked,
  VOCABULARY,
} from "./state.mjs";
import { tries } from "./tries.mjs";

const capital = (word) => word[0].toUpperCase() + word.slice(1);

// --- the scores: fetched when the reader comes near, kept for every figure of the page
const known = new Map(); // by prompt: { waiting }, then its scores or { error }

async function load(prompt) {
  const answer = await fetch(new URL(FILES[prompt], import.meta.url)); // a data: address is absolute
  if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
  const inflated = new Response(answer.body.pipeThrough(new DecompressionStream("deflate-raw")));
  const { tokens, falling } = unpacked(new Uint8Array(await inflated.arrayBuffer()));
  return outlined(scores(tokens, falling));
}

const outlined = (one) => ({
  ...one,
  outline: path((rank) => one.model.weights[rank - 1] / one.model.sums.at(-1), VOCABULARY),
});

// --- the reader's own prompt: what it needs comes with the first press of its tab
let own; // its module, or { waiting }, or { error }
const isOwn = (view) => view.get("prompt") === OWN;

function ownPrompt(view) {
  if (!own) {
    const keep = (what) => {
      own = what;
    };
    keep({
      waiting: import("../own_prompt/own_prompt.mjs").then(
        (module) => keep(module.default),
        (error) => keep({ error }),
      ),
    });
  }
  own.waiting?.then(view.update);
  return own;
}

const outlines = new WeakMap(); // of scores that came without
function ofOwn(view) {
  const one = ownPrompt(view).found?.(view) ?? {};
  if (!one.model) return one;
  if (!outlines.has(one)) outlines.set(one, outlined(one));
  return outlines.get(one);
}

function found(view) {
  if (isOwn(view)) return ofOwn(view);
  own?.leave?.(view);
  const prompt = view.get("prompt");
  if (!known.has(prompt)) {
    if (!view.near) return {};
    const keep = (what) => known.set(prompt, what);
    keep({ waiting: load(prompt).then(keep, (error) => keep({ error })) });
  }
  const one = known.get(prompt);
  one.waiting?.then(view.update);
  return one;
}

const blank = () => outlined(scores(Array(ROWS).fill("…"), new Float64Array(VOCABULARY))); // stands in until they come

function draw(view, count) {
  const one = found(view); // of the prompt of now: what the last frame showed may be another's
  if (one.model) view.change(drawn(view, one, count), { glide: FALL });
}

// --- the prompt, with the token that u picks at its end
const tabs = (view) =>
  html`<div class="lf-presets lf-tabs" role="group" aria-label="Prompt">${Object.keys(view.get("prompts")).map(
    (prompt) => button(capital(prompt), () => view.change({ prompt }, { glide: true }), prompt === view.get("prompt")),
  )}${button("Your own", () => view.change({ prompt: OWN }), isOwn(view))}</div>`;

const SPECIAL = /(<\|\w+\|>|\n)/; // marks of the dialogue, each a token
const prompt = (view, token) =>
  html`<div class="lf-prompt"><p>${view
    .get("prompts")
    [view.get("prompt")].split(SPECIAL)
    .map((part) =>
      SPECIAL.test(part) ? html`<small>${marked(part)}</small><wbr>` : part,
    )}<b class="lf-token">${marked(token)}</b></p></div>`;

// --- the likeliest tokens: the outline is the model's probability, the filled bar what the steps make of it
const LEGEND = html`<div class="lf-legend" aria-hidden="true"><span><i class="lf-outline"></i>the model</span><span><i
  class="lf-drawn"></i>after the steps</span></div>`;

function candidates({ before, after, rest, left, model, name, rank }) {
  const more = VOCABULARY - ROWS,
    remain = Math.max(0, left - ROWS);
  const one = (k) => candidate(marked(name(k)), before(k), after(k), { cut: k > left, hit: k === rank });
  const others = html`${whole(more)} more<span class="lf-hidden"> tokens</span><small>${
    remain === more ? "all" : whole(remain)
  } left</small>`;
  return html`<div class="lf-candidates">${LEGEND}
    ${Array.from({ length: ROWS }, (_, k) => one(k + 1))}
    ${candidate(others, model.ends[ROWS] / model.sums.at(-1), rest(ROWS), { cut: !remain, hit: rank > ROWS })}</div>`;
}

function candidate(name, before, after, { cut, hit }) {
  return html`<div class="lf-candidate ${hit ? "lf-hit" : ""} ${cut ? "lf-cut" : ""}">
  <span class="lf-name">${name}</span><span
    class="lf-bar" aria-hidden="true" style="--p:${before};--share:${after}"><i></i></span>
  <span class="lf-was"><span class="lf-hidden">the model: </span>${decimals(before)}</span>
  <span class="lf-p"><span class="lf-hidden">after the steps: </span>${cut ? "cut" : decimals(after)}</span></div>`;
}

// --- all of them: probability against rank, both on logarithmic scales
const DEPTH = 10; // powers of ten shown
const down = (p) => Math.min(1, -Math.log10(p) / DEPTH);
const RANKS = [...new Set(Array.from({ length: 121 }, (_, k) => Math.round(VOCABULARY ** (k / 120))))];
const point = (rank, p) => `${across(rank).toFixed(4)} ${down(p).toFixed(4)}`;
const path = (p, left) =>
  `M${[...RANKS.filter((rank) => rank < left), left].map((rank) => point(rank, p(rank))).join("L")}`;

const TICKS = html`${[0, 2, 4, 6, 8, 10].map(
  (power) => html`<span
    class="lf-down" style="--at:${power / DEPTH}">${power ? html`10<sup>−${power}</sup>` : 1}</span>`,
)}
    ${[1, 10, 100, 1000, 10000].map(
      (tick) => html`<span class="lf-across" style="--at:${across(tick)}">${whole(tick)}</span>`,
    )}
    <span class="lf-title">probability of all ${whole(VOCABULARY)} by rank</span>`;

function gone(left) {
  if (left === VOCABULARY) return nothing;
  const end = across(left),
    words = html`<span>${whole(VOCABULARY - left)} cut</span>`;
  return html`<i class="lf-gone" style="--at:${end}">${end < 0.72 ? words : nothing}</i>`;
}

function curve({ after, left, rank }, outline) {
  return html`<div class="lf-trace lf-ranks" aria-hidden="true"><div><svg
    viewBox="0 0 1 1" preserveAspectRatio="none">${svg`
      <path class="lf-grid" d="M0 .2H1M0 .4H1M0 .6H1M0 .8H1"/><path
        class="lf-after" d="${path(after, left)}L${across(left)} 1L0 1Z"/>
      <path class="lf-model" d=${outline} />`}</svg>
    ${gone(left)}
    ${TICKS}<i class="lf-now" style="--t:${across(rank)};--h:${1 - down(after(rank))}"></i></div></div>`;
}

const turned = (name, from, to) => html`<div><span>${name}</span><span>${from} → <b>${to}</b></span></div>`;
const readouts = ({ left, kept, initial, nats }) => html`<div class="lf-readouts">
  ${turned("Tokens", whole(VOCABULARY), whole(left))}${turned("Model’s mass", "1", decimals(kept))}
  ${turned("Entropy, nats", initial.toFixed(2), nats.toFixed(2))}${turned(
    "Perplexity",
    classes(initial),
    classes(nats),
  )}</div>`;

// --- the steps, in the order in which they are taken
function setting(view, key) {
  const { from, at, min, max, step, read, accepts, all, words, wanted } = SETTINGS[key],
    value = view.get(key),
    name = NAMES[key];
  const set = (value) => view.change({ [key]: value });
  const text = value === all ? `${words(value)}: keeps all` : words(value);
  return html`${slider(view, {
    kind: "lf-cutter",
    name,
    words: text,
    min: 0,
    max: 1,
    step: 0.01,
    value,
    at: at(value).toFixed(2),
    from,
    set,
  })}
    ${numberField(view, {
      id: key,
      name,
      min,
      max,
      step,
      read,
      accepts,
      set,
      text: () => String(view.get(key)),
      refusal: () => `${name} is ${wanted}: it stays ${words(view.get(key))}.`,
    })}`;
}

function move(view, name, by, { target }) {
  const order = moved(view.get("order"), name, by);
  if (!order) return;
  view.change({ order }, { glide: true });
  view.say(`The steps now: ${order.map((name) => NAMES[name].toLowerCase()).join(", ")}.`);
  const other = target.closest("ol").children[order.indexOf(name)];
  requestAnimationFrame(() => other.querySelectorAll(".lf-movers button")[by < 0 ? 0 : 1].focus()); // it went along
}

function mover(view, i, by) {
  const order = view.get("order"),
    name = order[i];
  return html`<button type="button" data-lm-suppress-shortcuts aria-disabled=${String(!order[i + by])}
    aria-label="Move ${NAMES[name]} ${by < 0 ? "earlier" : "later"}"
    @click=${(event) => move(view, name, by, event)}>${by < 0 ? "↑" : "↓"}</button>`;
}

function step(view, { name, left, mass, nats }, i) {
  const hot = name === "temperature";
  const dial = () => (isOwn(view) ? html`<b>T = ${temperatureText(view.temperature)}</b>` : temperatureSlider(view));
  return html`<li class="lf-step">
    <span class="lf-movers">${mover(view, i, -1)}${mover(view, i, 1)}</span>
    ${
      hot
        ? html`<div class="lf-control lf-hot">${dial()}</div>`
        : html`<div class="lf-control"><b>${NAMES[name]}</b>${setting(view, name)}</div>`
    }
    <span class="lf-effect"><span><b>${whole(left)}</b> <i>left</i></span><span>${
      hot ? html`<i class="lf-hidden">cuts nothing</i>` : html`<i>cuts</i> <b>${decimals(mass)}</b>`
    }</span><span><i>entropy</i> <b>${nats.toFixed(2)}</b></span></span></li>`;
}

function chain(view, { steps }) {
  return html`<div class="lf-chain"><div class="lf-captions" aria-hidden="true"><span>steps, in this order</span><span
      >left</span><span>mass cut</span><span>entropy</span></div>
  <ol aria-label="Steps, in the order in which they are taken">${steps.map((one, i) => step(view, one, i))}</ol></div>`;
}

// --- the draw
// A text of one's own is drawn by its own buttons.
function drawing(view) {
  const buttons = html`${button("Draw one sample", () => draw(view, 1), nothing, "lf-first")}
      ${button("Draw 10", () => draw(view, 10))}`;
  return html`<div class="lf-draw">${isOwn(view) ? nothing : buttons}${uField(view)}</div>`;
}

function lottery(view, now) {
  const { name, rank, sum } = now,
    { named, p, names } = slots(now);
  return html`${fall(view, { p, names, now: Math.min(rank - 1, named), words: "Tokens, in the order of the bar" })}
    ${verdict(apart([sum(rank - 1), view.get("u"), sum(rank)]), marked(name(rank)))}
    ${
      isOwn(view)
        ? nothing
        : strip(
            view,
            view.get("picks").filter((pick) => pick.prompt === view.get("prompt")),
            (pick) => marked(name(pick.rank)),
            () => view.change({ picks: view.get("picks").filter((pick) => pick.prompt !== view.get("prompt")) }),
          )
    }`;
}

// --- while the scores are on their way, or do not come
function waiting(view, { error }) {
  const retry = () => {
    known.delete(view.get("prompt"));
    view.update();
  };
  return html`<div class="lf-waiting"><div>${
    error
      ? html`<p><b>The scores did not come.</b> ${error.message}</p>${button("Try again", retry)}`
      : html`<p>Loading the scores of ${whole(VOCABULARY)} tokens …</p><i class="lf-loading"></i>`
  }</div></div>`;
}

function ownPanel(view) {
  const { panel, error } = ownPrompt(view);
  return panel
    ? panel(view)
    : html`<div class="lf-prompt"><p>${error ? "This tab did not come: load the page again." : "…"}</p></div>`;
}

function body(view) {
  const one = found(view),
    ready = Boolean(one.model),
    shown = ready ? one : blank(),
    now = outcome(view, shown);
  const above = () => html`${prompt(view, ready ? now.name(now.rank) : "…")}${ready ? nothing : waiting(view, one)}`;
  return html`${tabs(view)}${isOwn(view) ? ownPanel(view) : above()}
    <div class="lf-explorer" ?inert=${!ready}>${candidates(now)}<div
        class="lf-whole">${curve(now, shown.outline)}${readouts(now)}</div>${chain(view, now)}
      ${drawing(view)}<div class="lf-lottery">${lottery(view, now)}</div></div>`;
}

function said(view) {
  if (isOwn(view)) return ownPrompt(view).said?.(view) ?? "Your own prompt.";
  const one = found(view);
  if (!one.model) return one.error ? "The scores did not come." : "Loading the scores.";
  return sentence(view, one);
}

const render = (context) =>
  figure(context, {
    name: "Next-token explorer",
    invitation: "What comes next?",
    tries: tries(found),
    keys: [
      ...["prompt", "text", "dialogue", "seed"],
      ...["temperature", "top_k", "top_p", "min_p", "order", "u", "drawn", "picks"],
    ],
    program: (view) => (isOwn(view) ? "own_program" : "program"),
    lazy: true,
    body,
    sentence: said,
  });

export default { render, shared: rules };
