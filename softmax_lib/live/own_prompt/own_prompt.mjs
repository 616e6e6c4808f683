// The tab of the reader's own prompt: the model on its way, the prompt, the text as it is written, and its buttons.
// It comes with the first press of the tab.
import { button, numberField } from "../base/controls.mjs";
import { decimals, temperatureText } from "../base/numbers.mjs";
import { html, nothing } from "../base/parts/lit-html.mjs";
import { wholeNumber } from "../base/state.mjs";
import { temperatureSlider } from "../base/temperature.mjs";
import { uText } from "../base/uniform.mjs";
import { isSeed, LONGEST, marked, outcome, SEED_WORDS, SEEDS, sentence } from "../next_token/state.mjs";
import { activate, begin, deskOf, draw, go, isReady, leave, sow, split, stop, write } from "./desk.mjs";
import { heat, megabytes, nextSeed, timeLeft } from "./state.mjs";
import { STYLE } from "./style.mjs";

// --- the model: what is said of it until it is ready
const STUDENT = html`<small>A model of 135 million numbers is a student, not an oracle: it errs, repeats itself, and
  nothing filters what it writes.</small>`;

const size = ({ bytes }) => `${megabytes(bytes)} MB`;
const inPage = ({ place }) => Boolean(place.address); // else in a kernel

const PHASES = {
  looking: () => html`<p>Looking for the model …</p>`,
  missing: ({ why }) => html`<p>${why}</p>`,
  offered: (model) =>
    html`<p>${offer(model)} Your prompt stays here.</p><div class="lf-own-row">${button(
      inPage(model) && !model.place.kept ? `Load the model, ${size(model.place)}` : "Start the model",
      model.load,
    )}</div>`,
  loading: (model) => html`<p>${loaded(model)}</p>${inPage(model) ? bar(model) : nothing}`,
  trouble: ({ trouble, bytes, place, load }) =>
    html`<p role="alert"><b>${trouble}</b></p><div class="lf-own-row">${button(
      bytes && bytes < place.bytes ? `Go on from ${megabytes(bytes)} MB` : "Try again",
      load,
    )}</div>`,
};

function offer(model) {
  if (!inPage(model)) return html`<b>The model runs in the kernel</b>, in NumPy.`;
  const { host } = new URL(model.place.address),
    from = host === location.host ? "this site" : host;
  return html`<b>The model runs in this page.</b> ${
    model.place.kept
      ? "This browser kept its file: nothing is loaded."
      : `${size(model.place)} are loaded once, from ${from}, and kept by this browser.`
  }`;
}

function loaded(model) {
  const { bytes, from, since, place } = model;
  if (!inPage(model)) return "The kernel reads the model …";
  if (bytes === place.bytes) return "Checking the file and starting the model …";
  const left = timeLeft(bytes - from, place.bytes - bytes, performance.now() - since);
  return `Loading the model: ${megabytes(bytes)} of ${size(place)}${left && `, ${left}`}`;
}

const bar = ({ bytes, place, engine }) => html`<progress aria-label="Loading the model" max=${place.bytes}
  value=${bytes}></progress><div class="lf-own-row">${button("Stop loading", engine.stop)}</div>`;

const keeping = ({ place, isKept, free }) =>
  html`<div class="lf-own-row"><small>${
    isKept
      ? `This browser keeps the model for the next visit: ${size(place)}.`
      : "This browser had no room to keep the model: the next visit loads it again."
  }</small><span class="lf-own-end">${button("Remove the model", free)}</span></div>`;

// --- the prompt, and the texts
function promptField(view) {
  const type = ({ target }) => view.change({ text: target.value });
  const dialogue = view.get("dialogue");
  return html`<div><label>Your prompt <textarea rows="2" maxlength=${LONGEST} spellcheck="false"
    data-lm-suppress-shortcuts .value=${view.get("text")} @input=${type}></textarea></label></div>
    <div class="lf-own-row">${button(
      "As a question, to be answered",
      () => view.change({ dialogue: !dialogue }),
      dialogue,
    )}</div>`;
}

const PART = "◌"; // of a letter that takes several tokens
const place = (desk, column, k) => `lf-own-${desk.number}-${column}-${k}`; // a name on the page
const probability = (bits) => decimals(2 ** -bits);

function option(desk, column, one, k) {
  const { at } = desk.texts[column];
  return html`<span role="option" id=${place(desk, column, k)} data-place=${k} aria-selected=${String(k === at)}
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
  const prompt = text.prompt.map((word) => html`<span>${word || PART}</span>`),
    written = text.written.map((one, k) => option(desk, column, one, k));
  return html`<div class="lf-own-text">${
    desk.texts.length > 1
      ? html`<div>${button(`T = ${temperatureText(T)}`, () => activate(view, desk, column), active)}</div>`
      : nothing
  }<div role="listbox" tabindex="0" aria-label="Text at T = ${temperatureText(T)}"
    aria-activedescendant=${place(desk, column, text.at)} data-lm-suppress-shortcuts @keydown=${keydown} @click=${click}
    ><div role="presentation"><span class="lf-own-given" role="presentation">${prompt}</span>${written}<span
      role="option" id=${place(desk, column, end)} data-place=${end} aria-selected=${String(text.at === end)}
      >${text.over ? "■" : "…"}<span class="lf-hidden">the end</span></span></div></div></div>`;
}

function words(view, desk) {
  const text = desk.texts[desk.active],
    one = text.written[text.at];
  if (one)
    return `“${marked(one.word || PART)}” had ${probability(one.bits)} in the model, ${one.bits.toFixed(1)} bits of
      surprise; drawn at T = ${temperatureText(one.temperature)} with u = ${uText(one.u)}. Draw or write from here, or
      press End.`;
  const { rank, name } = outcome(view, text.scores ?? desk.shown);
  const counts = `${text.prompt.length} tokens in the prompt, ${text.written.length} written.`;
  return `${counts}${text.over ? " The model ended its answer here." : ""} Next: “${marked(name(rank))}”.`;
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

function panel(view) {
  const desk = deskOf(view),
    { model, trouble } = desk;
  return html`<div class="lf-own">${STYLE}${promptField(view)}${
    model.phase === "ready"
      ? html`${trouble ? html`<p role="alert"><b>${trouble}</b></p>` : nothing}${
          isReady(desk) ? writing(view, desk) : nothing
        }${inPage(model) ? keeping(model) : nothing}`
      : html`<div class="lf-own-box">${PHASES[model.phase](model)}</div>${STUDENT}`
  }</div>`;
}

function said(view) {
  const { model, trouble, writing, shown } = deskOf(view);
  if (model.phase === "loading") return "Loading the model.";
  if (model.phase !== "ready") return model.phase === "trouble" ? model.trouble : "The model is not loaded.";
  if (trouble) return trouble;
  if (writing) return "Writing.";
  return shown ? sentence(view, shown) : "Reading the prompt.";
}

// `found` gives the scores at the place shown, or nothing yet.
export default { panel, said, leave, found: (view) => (isReady(deskOf(view)) ? deskOf(view).shown : {}) };
