// The reader's own prompt: a language model, brought on a press, says what follows it, token by token.
// It comes with the first press of its tab; what it asks of the model is engine.mjs's.
import { html, nothing } from "../base/parts/lit-html.mjs";
import { button, numberField } from "../base/controls.mjs";
import { decimals, temperatureText } from "../base/numbers.mjs";
import { toJson, wholeNumber } from "../base/state.mjs";
import { temperatureSlider } from "../base/temperature.mjs";
import { uText } from "../base/uniform.mjs";
import { engine, find } from "../language_model/engine.mjs";
import { isSeed, LONGEST, marked, outcome, SEED_WORDS, SEEDS, sentence } from "../next_token/state.mjs";
import {
  answered,
  begun,
  given,
  heat,
  isAtEnd,
  luck,
  megabytes,
  MOST,
  nextSeed,
  taken,
  timeLeft,
  tokens,
} from "./state.mjs";
import { STYLE } from "./style.mjs";

const PAUSE = 300, // milliseconds without a key, after which a typed prompt is read
  EMPTY = "The prompt is empty: type at least one letter.";

// --- the model, one for all figures of the page
// phase: looking → missing { why } or offered { place } → loading { bytes } → ready { names }, or trouble { trouble }
const model = { phase: "", bytes: 0 };
const desks = new Map(); // by view, what is written there

function update() {
  for (const view of desks.keys()) view.update();
}

function become(phase, more) {
  Object.assign(model, { phase, ...more });
  update();
}

async function look() {
  become("looking");
  const place = await find();
  if (place.why) become("missing", place);
  else become("offered", { place });
}

function load() {
  model.engine ??= engine(model.place, hear);
  become("loading", { since: performance.now(), from: model.bytes });
  model.engine.load();
}

function hear({ bytes, names, kept, trouble, dead }) {
  if (dead) Object.assign(model, { engine: undefined, bytes: 0 });
  if (trouble) return become("trouble", { trouble });
  if (!names) return become(model.phase, { bytes });
  become("ready", { names, isKept: kept });
  for (const [view, desk] of desks) resume(view, desk);
}

async function free() {
  model.engine.close();
  await model.engine.forget();
  for (const desk of desks.values()) desk.writing = false;
  become("offered", { engine: undefined, bytes: 0, place: { ...model.place, kept: false } });
}

// --- the desk: one text, or two at two temperatures; the dial and the figure are the active one's
function deskOf(view) {
  if (!desks.has(view)) {
    const texts = [begun(view.temperature)];
    desks.set(view, { texts, active: 0, writing: false, asked: [], given: promptOf(view) });
    if (!model.phase) look();
    else if (model.phase === "ready") begin(view, desks.get(view));
  }
  const desk = desks.get(view);
  if (desk.given !== promptOf(view)) {
    desk.given = promptOf(view); // typed, or set by Reset, a link or Python
    desk.writing = false;
    desk.shown = undefined;
    clearTimeout(desk.typing);
    desk.typing = setTimeout(() => begin(view, desk), PAUSE);
  }
  return desk;
}

const promptOf = (view) => view.get("text") && given(view.get("text"), view.get("dialogue"));
const isReady = (desk) => model.phase === "ready" && Boolean(desk.shown);

// From the prompt on, with nothing written.
function begin(view, desk) {
  desk.writing = false;
  desk.texts = desk.texts.map(({ temperature }) => begun(temperature));
  desk.trouble = desk.given ? undefined : EMPTY;
  desk.texts.forEach((_, column) => {
    if (desk.given && model.phase === "ready") ask(view, desk, column);
  });
  view.update();
}

// With the text that the model had written before it stopped, if there is one.
function resume(view, desk) {
  if (desk.texts.every(({ written }) => !written.length)) return begin(view, desk);
  desk.trouble = undefined;
  for (const column of desk.texts.keys()) ask(view, desk, column);
}

// What comes at the place shown; an answer to a text that has changed since is dropped.
function ask(view, desk, column) {
  return (desk.asked[column] = answer(view, desk, column));
}

async function answer(view, desk, column) {
  const text = desk.texts[column];
  try {
    const said = await model.engine.ask({ prompt: desk.given, written: tokens(text), column });
    if (desk.texts[column] !== text) return;
    desk.texts[column] = answered(text, said, model.names);
    if (column === desk.active) show(view, desk);
  } catch (error) {
    desk.writing = false;
    if (desk.texts[column] === text) desk.trouble = error.message;
  }
  view.update();
}

function show(view, desk) {
  const text = desk.texts[desk.active];
  desk.shown = text.scores;
  desk.trouble = undefined;
  const u = isAtEnd(text) ? luck(view.get("seed"), text.at) : text.written[text.at].u;
  view.change({ u, written: tokens(text) });
}

// What decides in a column: the figure's settings, with the column's own temperature and luck.
function chooser(view, desk, column) {
  if (column === desk.active) return view;
  const { temperature, at } = desk.texts[column],
    u = luck(view.get("seed"), at);
  return { temperature, get: (key) => (key === "u" ? u : view.get(key)) };
}

async function step(view, desk, column) {
  if (!desk.texts[column].scores) await desk.asked[column]; // still being read
  const text = desk.texts[column];
  if (!text.scores) return;
  desk.texts[column] = taken(text, chooser(view, desk, column));
  await ask(view, desk, column);
}

function draw(view, desk) {
  for (const column of desk.texts.keys()) step(view, desk, column);
}

async function write(view, desk) {
  const run = (desk.writing = {}); // another press of Write is another run
  view.update();
  const columns = [...desk.texts.keys()];
  for (let n = 0; n < MOST && desk.writing === run; n++) {
    const open = columns.filter((column) => !desk.texts[column].over);
    if (!open.length) break;
    for (const column of open) {
      if (desk.writing === run) await step(view, desk, column);
    }
  }
  if (desk.writing === run) desk.writing = false;
  view.update();
}

function stop(view, desk) {
  desk.writing = false;
  view.update();
}

// Back to a place of the text, or on to its end: what follows stays until another token is drawn there.
function go(view, desk, column, at) {
  if (at < 0 || at > desk.texts[column].written.length) return;
  desk.writing = false;
  activate(view, desk, column);
  desk.texts[column] = { ...desk.texts[column], at, over: false };
  ask(view, desk, column);
}

function activate(view, desk, column) {
  if (column === desk.active) return;
  desk.texts[desk.active] = { ...desk.texts[desk.active], temperature: view.temperature };
  desk.active = column;
  view.change({ temperature: toJson(desk.texts[column].temperature) });
  if (desk.texts[column].scores) show(view, desk);
}

// A second text begins at a temperature that is far from the first's.
function split(view, desk) {
  const T = view.temperature;
  desk.texts = desk.texts.length > 1 ? [begun(T)] : [begun(T), begun(T < 1 ? 1.5 : 0.3)];
  desk.active = 0;
  begin(view, desk);
}

function sow(view, desk, seed) {
  view.change({ seed });
  begin(view, desk);
}

// --- the model's file
const SIZE = () => `${megabytes(model.place.bytes)} MB`;

const STUDENT = html`<small>A model of 135 million numbers is a student, not an oracle: it errs, repeats itself, and
  nothing filters what it writes.</small>`;

const PHASES = {
  looking: () => html`<p>Looking for the model …</p>`,
  missing: () => html`<p>${model.why}</p>`,
  offered: () =>
    html`<p><b>The model runs in this page.</b> ${
      model.place.kept
        ? "This browser kept its file: nothing is loaded."
        : `${SIZE()} are loaded once, from this site, and kept by this browser.`
    } Your prompt stays here.</p><div class="lf-own-row">${button(
      model.place.kept ? "Start the model" : `Load the model, ${SIZE()}`,
      load,
    )}</div>`,
  loading: () =>
    html`<p>${loaded()}</p><progress aria-label="Loading the model" max=${model.place.bytes} value=${
      model.bytes
    }></progress><div class="lf-own-row">${button("Stop loading", model.engine.stop)}</div>`,
  trouble: () =>
    html`<p role="alert"><b>${model.trouble}</b></p><div class="lf-own-row">${button(
      model.bytes && model.bytes < model.place.bytes ? `Go on from ${megabytes(model.bytes)} MB` : "Try again",
      load,
    )}</div>`,
};

function loaded() {
  const { bytes, from, since, place } = model;
  if (bytes === place.bytes) return "Checking the file and starting the model …";
  const left = timeLeft(bytes - from, place.bytes - bytes, performance.now() - since);
  return `Loading the model: ${megabytes(bytes)} of ${SIZE()}${left && `, ${left}`}`;
}

// --- the prompt, and the texts
function promptField(view) {
  const type = ({ target }) => view.change({ text: target.value });
  const dialogue = view.get("dialogue");
  return html`<div><label>Your prompt <textarea rows="2" maxlength=${LONGEST} spellcheck="false" data-lm-suppress-shortcuts
    .value=${view.get("text")} @input=${type}></textarea></label></div>
    <div class="lf-own-row">${button(
      "As a question, to be answered",
      () => view.change({ dialogue: !dialogue }),
      dialogue,
    )}</div>`;
}

const PART = "◌"; // of a letter that takes several tokens
const probability = (bits) => decimals(2 ** -bits);

function option(desk, column, one, k) {
  const { at } = desk.texts[column];
  return html`<span role="option" id="lf-own-${column}-${k}" data-place=${k} aria-selected=${String(k === at)}
    class=${k > at ? "lf-own-later" : ""} style="--heat:${heat(one.bits)}"
    title="p = ${probability(one.bits)}, ${one.bits.toFixed(1)} bits">${one.word || PART}</span>`;
}

function textOf(view, desk, column) {
  const text = desk.texts[column],
    active = column === desk.active,
    T = active ? view.temperature : text.temperature,
    end = text.written.length;
  const keydown = (event) => {
    const to = { ArrowLeft: text.at - 1, ArrowRight: text.at + 1, Home: 0, End: end }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    go(view, desk, column, to);
    const box = event.target;
    requestAnimationFrame(() => box.querySelector("[aria-selected=true]").scrollIntoView({ block: "nearest" }));
  };
  const click = ({ target }) => {
    const place = target.closest("[data-place]")?.dataset.place;
    if (place !== undefined) go(view, desk, column, Number(place));
  };
  const name = `Text at T = ${temperatureText(T)}`;
  return html`<div class="lf-own-text">${
    desk.texts.length > 1
      ? html`<div>${button(`T = ${temperatureText(T)}`, () => activate(view, desk, column), active)}</div>`
      : nothing
  }<div role="listbox" tabindex="0" aria-label=${name} aria-activedescendant="lf-own-${column}-${text.at}"
    data-lm-suppress-shortcuts @keydown=${keydown} @click=${click}
    ><div role="presentation"><span class="lf-own-given" role="presentation">${text.prompt.map((word) => html`<span>${word || PART}</span>`)}</span>${text.written.map(
      (one, k) => option(desk, column, one, k),
    )}<span role="option" id="lf-own-${column}-${end}" data-place=${end} aria-selected=${String(text.at === end)}
      >${text.over ? "■" : "…"}<span class="lf-hidden">the end</span></span></div></div></div>`;
}

function words(view, desk) {
  const text = desk.texts[desk.active],
    one = text.written[text.at];
  if (one)
    return `“${marked(one.word || PART)}” had ${probability(one.bits)} in the model, ${one.bits.toFixed(1)} bits of surprise;
      drawn at T = ${temperatureText(one.temperature)} with u = ${uText(one.u)}. Draw or write from here, or press End.`;
  const { rank, name } = outcome(view, text.scores ?? desk.shown);
  const over = text.over ? " The model ended its answer here." : "";
  return `${text.prompt.length} tokens in the prompt, ${text.written.length} written.${over} Next: “${marked(name(rank))}”.`;
}

function seedField(view, desk) {
  return html`<span class="lf-label" aria-hidden="true">Seed</span>${numberField(view, {
    id: "seed",
    name: "Seed of the text",
    min: 0,
    max: SEEDS - 1,
    step: 1,
    read: wholeNumber,
    accepts: isSeed,
    set: (seed) => sow(view, desk, seed),
    text: () => String(view.get("seed")),
    refusal: () => `A seed is ${SEED_WORDS}: it stays ${view.get("seed")}.`,
  })}${button("Next seed", () => sow(view, desk, nextSeed(view.get("seed"))))}`;
}

const writing = (view, desk) => html`${temperatureSlider(view)}
  <div class="lf-own-row"><button type="button" class="lf-first" data-lm-suppress-shortcuts @click=${() =>
    desk.writing ? stop(view, desk) : write(view, desk)}>${desk.writing ? "Stop" : "Write"}</button>
    ${button("Draw one", () => draw(view, desk))}${button("Back to the prompt", () => begin(view, desk))}
    ${button("Two temperatures", () => split(view, desk), desk.texts.length > 1)}</div>
  <div class="lf-own-texts">${desk.texts.map((_, column) => textOf(view, desk, column))}</div>
  <p class="lf-own-words">${words(view, desk)}</p>
  <div class="lf-own-row">${seedField(view, desk)}<span class="lf-own-end"><small>surprise, 0 to 10 bits
    <i class="lf-own-scale"></i></small></span></div>`;

const keeping = () =>
  html`<div class="lf-own-row"><small>${
    model.isKept
      ? `This browser keeps the model for the next visit: ${SIZE()}.`
      : "This browser had no room to keep the model: the next visit loads it again."
  }</small><span class="lf-own-end">${button("Remove the model", free)}</span></div>`;

function panel(view) {
  const desk = deskOf(view),
    ready = model.phase === "ready";
  return html`<div class="lf-own">${STYLE}${promptField(view)}${
    ready ? nothing : html`<div class="lf-own-box">${PHASES[model.phase]()}</div>${STUDENT}`
  }${ready && desk.trouble ? html`<p role="alert"><b>${desk.trouble}</b></p>` : nothing}${
    isReady(desk) ? writing(view, desk) : nothing
  }${ready ? keeping() : nothing}</div>`;
}

function said(view) {
  const desk = deskOf(view);
  if (model.phase === "loading") return "Loading the model.";
  if (model.phase !== "ready") return model.trouble ?? "The model is not loaded.";
  if (desk.trouble) return desk.trouble;
  if (desk.writing) return "Writing.";
  return desk.shown ? sentence(view, desk.shown) : "Reading the prompt.";
}

// `found` gives the scores at the place shown, or nothing yet.
export default { panel, said, found: (view) => (isReady(deskOf(view)) ? deskOf(view).shown : {}) };
