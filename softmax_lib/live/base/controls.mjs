// What every figure shares: its life, its frame, and number fields that never clamp.
import { html, nothing, render as paint } from "./parts/lit-html.mjs";
import { ghosts } from "./ghosts.mjs";
import { minus } from "./numbers.mjs";
import { number, unfinished } from "./state.mjs";
import { guided } from "./tries.mjs";

function python(value) {
  if (Array.isArray(value)) return `[${value.map(python).join(", ")}]`;
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  return value === "Infinity" ? 'float("inf")' : JSON.stringify(value);
}

const VALUE = /\{(\w+)\}/g; // in a program, the name of a trait
const isPlain = (value) => (Array.isArray(value) ? value.every(isPlain) : value?.constructor !== Object);

// --- the life of a figure: body and sentence are functions of the view, drawn anew when one of `keys` changes
// `lazy` figures are told by `view.near` when the reader comes near; in `final` ones a field acts on Enter alone, since
// a step on the way to a number would cost what cannot be had back. `tries` lists what a view can try: see tries.mjs.
export function figure(
  { model, el, page },
  { keys, body, sentence, program = () => "program", tries, lazy = false, final = false, ...words },
) {
  const state = () => Object.fromEntries(keys.map((key) => [key, model.get(key)]));
  let asked = 0,
    speaking,
    landing,
    latest, // sentence, and the one that is spoken
    spoken;
  const view = {
    page,
    final,
    near: !lazy,
    chosen: 0,
    typing: null,
    before: null,
    held: null,
    refused: null,
    message: "",
    link: null,
    gliding: false,
    get labels() {
      return model.get("labels");
    },
    get logits() {
      return model.get("logits");
    },
    get temperature() {
      return model.get("temperature") === undefined ? undefined : Number(model.get("temperature"));
    },
    get: (key) => model.get(key), // what only this figure has
    get kernel() {
      return model.send && model;
    }, // a published page has none
    get notice() {
      return model.get("notice");
    }, // said by host.js alone
    get program() {
      return model.get(program(view)).replace(VALUE, (_, key) => python(model.get(key)));
    },
    // The same with the values of a figure of this name, after lines that move it to where this one stands.
    get moving() {
      const state = Object.keys(model.get("start")).map((key) => [key, model.get(key)]);
      const moves = state.flatMap(([key, value]) => (isPlain(value) ? [`figure.${key} = ${python(value)}`] : []));
      const lines = model.get(program(view)).replace(VALUE, "figure.$1");
      return ["# Change a value and run: the figure follows.", ...moves, lines].join("\n");
    },
    get spoken() {
      return view.message || spoken;
    },
    get said() {
      return view.message || sentence(view);
    },
    get name() {
      return words.name;
    },
    get sentence() {
      return sentence(view);
    },
    // Dragging and typing show at once; a discrete step glides, `true` or some milliseconds long (unless the reader
    // prefers no motion: base.css).
    change(state, { glide = false, shown = false } = {}) {
      if (!shown) guide.rest();
      view.glide(glide);
      for (const key in state) model.set(key, state[key]);
      model.save_changes();
      settle();
    },
    reset: () => view.change(model.get("start"), { glide: true }),
    begin(id) {
      Object.assign(view, { typing: id, before: state() });
    },
    back: () => view.change(view.before), // to what was there before the reader began to type
    finish() {
      view.typing = null;
      guide.follow();
      view.update();
    },
    refuse(id, words, side) {
      Object.assign(view, { refused: id, message: words, side });
      view.update();
    },
    say(words) {
      view.message = words;
      view.update();
    },
    choose(i) {
      view.chosen = i;
      view.update();
    },
    glide(on) {
      clearTimeout(landing);
      view.gliding = on;
      if (on)
        landing = setTimeout(
          () => {
            view.gliding = false;
            view.update();
          },
          on === true ? 400 : on,
        );
    },
    update() {
      asked ||= requestAnimationFrame(draw);
    }, // at most once a frame
  };
  const ghost = ghosts(el, view);
  function draw() {
    asked = 0;
    const now = sentence(view);
    spoken ??= now;
    if (now !== (latest ??= now)) {
      clearTimeout(speaking); // speak when the reader pauses, not at every step of a drag
      speaking = setTimeout(() => {
        spoken = now;
        view.update();
      }, 400);
    }
    latest = now;
    paint(frame(view, { ...words, guide, tall: Boolean(tries) }, body(view)), el);
    ghost.follow();
    for (const input of el.querySelectorAll("[data-shown]")) {
      // whatever the reader left in it
      if (input.value !== input.dataset.shown) input.value = input.dataset.shown;
    }
  }
  const settle = () => {
    Object.assign(view, { refused: null, message: "", link: null });
    if (view.typing === null) guide.follow(); // what is being typed is no act yet
    view.update();
  };
  const guide = guided(view, tries ?? (() => []), state, (detail) =>
    el.dispatchEvent(new CustomEvent("tried", { bubbles: true, detail })),
  );
  const events = [...keys, "notice"].map((key) => `change:${key}`);
  for (const event of events) model.on(event, settle);
  draw();
  const watch = new IntersectionObserver(
    (seen) => {
      if (seen.some((one) => one.isIntersecting)) arrive();
    },
    { rootMargin: "200px" },
  );
  const arrive = () => {
    watch.disconnect();
    view.near = true;
    view.update();
  };
  if (lazy) watch.observe(el);
  // Its top has come to the upper part of the window: see base.css.
  const hand = new IntersectionObserver((seen) => el.toggleAttribute("in-hand", seen.at(-1).isIntersecting), {
    rootMargin: "0px 0px -60% 0px",
  });
  hand.observe(el);
  const pressed = presentKeys(view, el);
  if (canPresent(view)) document.addEventListener("keydown", pressed);
  return () => {
    document.removeEventListener("keydown", pressed);
    watch.disconnect();
    hand.disconnect();
    ghost.stop();
    for (const event of events) model.off(event, settle);
    cancelAnimationFrame(asked);
    guide.rest();
    [speaking, landing].forEach(clearTimeout);
  };
}

// A translator would take the text nodes out of the page that the figure goes on writing to, and a page that reads from
// right to left would turn its axes round: the figure keeps its text and its direction.
function frame(view, { name, invitation, guide, tall }, body) {
  const { words } = guide,
    [notice, turn] = words ? [asked(words), turns(view, words, guide)] : [invitation, nothing];
  return html`<div class="lf notranslate ${view.gliding ? "lf-glide" : ""}" translate="no" dir="ltr" lang="en"
    role="group" aria-label=${name}>
  <div class="lf-top ${tall ? "lf-guide" : ""}"><p class="lf-notice" aria-live="polite">${
    view.notice ? html`<b>${view.notice}</b>` : notice
  }</p><span>${turn}${button("Reset", view.reset)}</span></div>
  ${body}
  <p class="lf-status" aria-hidden="true">${view.said}</p><p class="lf-hidden" role="status">${view.spoken}</p>
  <div class="lf-foot">
    <details class="lf-python"><summary data-lm-suppress-shortcuts><span><span>Show as </span>Python</span></summary>
      <pre tabindex="0" aria-label="Python" data-lm-suppress-shortcuts><code>${view.program}</code></pre>${button(
        "Copy Python",
        (event) => copyPython(view, event),
      )}${canRun() ? button("Run", ({ target }) => run(view, target)) : nothing}</details>
    ${view.page ? button("Copy link", (event) => copyLink(view, event)) : nothing}
    <details class="lf-picture"><summary data-lm-suppress-shortcuts><span>Save<span> picture</span></span></summary>
      ${["PNG", "SVG"].map((kind) => button(kind, (event) => savePicture(view, event, kind)))}</details>
    ${canPresent(view) ? button("Present", ({ target }) => present(view, target), nothing, "lf-present") : nothing}
    ${view.link ? linkField(view.link) : nothing}
  </div>${view.scan && document.fullscreenElement ? view.scan(view) : nothing}</div>`;
}

// --- what to try, and the button that shows it, or goes on
const asked = ({ number, of, ask, seen }) =>
  seen === null ? html`<b>Try ${number} of ${of}</b> ${ask}` : html`<b>✓ ${number} of ${of}</b> ${seen}`;

function turns(view, { number, of, seen }, guide) {
  if (seen === null) return button("Show me", () => guide.show());
  const open = () => {
    guide.open(number);
    view.update();
  };
  return button(number < of ? "Next" : "Again", open);
}

// --- to a class: the figure fills the screen; arrows turn its first slider, digits press its stops, F and Escape leave
const canPresent = ({ page }) => page && document.fullscreenEnabled;

async function present(view, element) {
  const card = element.closest(".lf");
  try {
    await (document.fullscreenElement ? document.exitFullscreen() : card.requestFullscreen());
  } catch {
    return view.say("The browser did not let this figure fill the screen.");
  }
  (card.querySelector(".lf-temperature") ?? card.querySelector("input"))?.focus({ preventScroll: true });
  if (isReached) loadCode(view);
}

// A telephone cannot reach a page that lies on this computer; without the code the figure is presented all the same.
const isReached = !/^(localhost|127\..*|\[::1\]|)$/.test(location.hostname);

async function loadCode(view) {
  try {
    ({ scan: view.scan } = await import("./scan.mjs"));
  } catch {
    return;
  }
  view.update();
}

const isTyped = (element) => element.matches("input[type=text], textarea, select, [contenteditable]");

function presentKeys(view, el) {
  return (event) => {
    const card = el.querySelector(".lf"),
      alone = document.querySelectorAll(".lf-host").length === 1;
    if (event.ctrlKey || event.metaKey || event.altKey || isTyped(event.target)) return;
    if (!alone && !el.contains(event.target)) return;
    if (event.key.toLowerCase() === "f") present(view, card);
    if (document.fullscreenElement === card && /^[1-9]$/.test(event.key))
      card.querySelectorAll(":is(.lf-stops, .lf-presets) button")[event.key - 1]?.click();
  };
}

const linkField = (link) => html`<input class="lf-link" readonly aria-label="Link to these values"
  data-lm-suppress-shortcuts .value=${link}>`;

export const button = (text, click, pressed = nothing, kind = nothing) =>
  html`<button type="button" class=${kind} aria-pressed=${pressed} data-lm-suppress-shortcuts
  @click=${click}>${text}</button>`;

export const choice = (name, options, chosen, set) => html`<select aria-label=${name} data-lm-suppress-shortcuts
  @change=${({ target }) => set(target.selectedIndex)}>${options.map(
    (option, i) => html`<option .selected=${i === chosen}>${option}</option>`,
  )}</select>`;

// --- copying: the clipboard may be refused, then what is to be copied is shown selected
const copied = (text) =>
  Promise.resolve()
    .then(() => navigator.clipboard.writeText(text))
    .then(
      () => true,
      () => false,
    );

async function copyLink(view, { target }) {
  const url = view.page.link(),
    foot = target.parentNode;
  // The link stands alone on the last line, where every program finds it.
  if (await copied(`${view.name}: ${view.sentence} Your turn:\n${url}`))
    return view.say("Link copied, with what the figure says.");
  view.link = url;
  view.say("The clipboard is closed to this page: copy the link from the field.");
  requestAnimationFrame(() => foot.querySelector(".lf-link")?.select());
}

async function copyPython(view, { target }) {
  if (await copied(view.program)) return view.say("Python copied.");
  getSelection().selectAllChildren(target.parentNode.querySelector("code"));
  view.say("The clipboard is closed to this page: copy the selected lines.");
}

// A page with live code runs the lines in a cell below the figure: see button.js and live-code.mjs.
const canRun = () => document.getElementById("live-code");
const run = (view, element) =>
  element.dispatchEvent(new CustomEvent("run-python", { bubbles: true, detail: view.moving }));

async function savePicture(view, { target }, kind) {
  try {
    const { save } = await import("./picture.mjs");
    view.say(`Saved as ${await save(view, target.closest(".lf"), kind)}.`);
  } catch (error) {
    console.error("live-figure:", error);
    view.say("This browser could not draw the picture.");
  }
}

// --- a native slider; a vertical swipe that starts on it has moved it before it becomes a scroll: then it goes back
export function slider(view, { kind, name, words, min, max, step, value, at, from, set }) {
  return html`<input type="range" class=${kind} aria-label=${name} aria-valuetext=${words}
    min=${min} max=${max} step=${step}
    data-lm-suppress-shortcuts data-shown=${at} @input=${({ target }) => set(from(target.valueAsNumber))}
    @pointerdown=${() => {
      view.held = value;
    }} @pointercancel=${() => set(view.held)}>`;
}

// Words below a field begin at its left edge or end at its right one, so that they stay within the card.
function sideWithRoom(field) {
  const [place, card] = [field, field.closest(".lf")].map((element) => element.getBoundingClientRect());
  return card.right - place.left > place.right - card.left ? "lf-rightwards" : "lf-leftwards";
}

// --- a number field: what is being typed stays, what can't be used is refused in words and changes nothing
// It is a field of text, so that a comma, any minus and what is no number arrive as they were typed. What is typed
// shows at once, or on Enter if `final`; Escape goes back. `read` makes a number of the text, `text` a text of that.
export function numberField(
  view,
  { id, name, text, min, max, step, read = number, accepts, set, refusal, placeholder = "", final = view.final },
) {
  const refuse = (field) => {
    if (!final) view.back();
    view.refuse(id, refusal(), sideWithRoom(field));
  };
  const replace = ({ target }) => {
    // what takes the place of all that was there begins anew
    if (target.value && target.selectionEnd - target.selectionStart === target.value.length) view.begin(id);
  };
  const input = ({ target }) => {
    if (view.typing !== id) view.begin(id);
    if (final || unfinished(target.value)) return;
    if (accepts(read(target.value))) set(read(target.value));
    else refuse(target);
  };
  const change = ({ target }) => {
    // Enter, or leaving the field
    const value = read(target.value);
    if (view.typing !== id) view.begin(id);
    if (!accepts(value)) refuse(target);
    else if (final) set(value);
    view.finish();
  };
  const keydown = (event) => {
    const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (event.key === "Escape" && view.typing === id) {
      if (!final) view.back();
      view.finish();
    }
    if (!direction) return;
    event.preventDefault();
    const value = stepped(read(text()), direction, { min, max, step });
    view.finish();
    if (accepts(value)) set(value);
  };
  const sign = () => {
    // for keyboards on glass that have no minus
    view.finish();
    set(-read(text()));
  };
  const refused = view.refused === id,
    value = read(text());
  return html`<span class="lf-field"><input type="text" role="spinbutton" aria-label=${name}
    inputmode=${Number.isInteger(step) ? "numeric" : "decimal"} autocomplete="off" spellcheck="false"
    aria-valuemin=${min} aria-valuemax=${max} aria-valuenow=${Number.isFinite(value) ? value : nothing}
    aria-valuetext=${minus(text()) || placeholder} placeholder=${placeholder} aria-invalid=${refused}
    data-lm-suppress-shortcuts data-shown=${view.typing === id ? nothing : text()}
    @beforeinput=${replace} @input=${input} @change=${change} @blur=${view.finish} @keydown=${keydown}
    @pointerdown=${entering} @click=${select}>${
      min < 0
        ? html`<button type="button" class="lf-sign" aria-label="Change the sign: ${name}"
    data-lm-suppress-shortcuts @mousedown=${(event) => event.preventDefault()} @click=${sign}>±</button>`
        : nothing
    }${refused ? html`<span class="lf-refused ${view.side}" aria-hidden="true">${refusal()}</span>` : nothing}</span>`;
}

// A click or tap that enters a field selects what is in it, as the Tab key does; a drag selects what it passes.
let entered = null;
const entering = ({ target }) => {
  entered = target === document.activeElement ? null : target;
};
function select({ target }) {
  if (entered === target && target.selectionStart === target.selectionEnd) target.select();
  entered = null;
}

// The next multiple of `step`, counted from `min`; from no number (∞) down to the largest.
function stepped(value, direction, { min, max, step }) {
  if (Number.isNaN(value) || value === Infinity) return direction < 0 ? max : NaN;
  const steps = (value - min) / step,
    whole = Math.round(steps);
  const next =
    Math.abs(steps - whole) < 1e-6 ? whole + direction : direction > 0 ? Math.ceil(steps) : Math.floor(steps);
  return Math.min(max, Math.max(min, Number((min + next * step).toPrecision(12))));
}
