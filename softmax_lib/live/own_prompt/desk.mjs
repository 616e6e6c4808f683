// The desk where a figure's text is written: one text, or two at two temperatures. The dial and the figure are those of
// the active one, and what follows the place shown there is what the figure shows.
import { toJson } from "../base/state.mjs";
import { OWN } from "../next_token/state.mjs";
import { modelOf } from "./model.mjs";
import { answered, begun, given, isAtEnd, luck, MOST, taken, tokens } from "./state.mjs";

const PAUSE = 300, // milliseconds without a key, after which a typed prompt is read
  EMPTY = "The prompt is empty: type at least one letter.";

const desks = new WeakMap(); // by view
let number = 0; // of the desks so far

export function deskOf(view) {
  if (!desks.has(view)) desks.set(view, opened(view));
  const desk = desks.get(view);
  if (desk.left) comeBack(view, desk);
  if (desk.given !== promptOf(view)) {
    desk.given = promptOf(view); // typed, or set by Reset, a link or Python
    desk.writing = false;
    desk.shown = undefined;
    clearTimeout(desk.typing);
    desk.typing = setTimeout(() => begin(view, desk), PAUSE);
  }
  return desk;
}

function opened(view) {
  const model = modelOf(view.kernel),
    texts = [begun(view.temperature)];
  const desk = { number: ++number, model, texts, active: 0, writing: false, asked: [], given: promptOf(view) };
  model.follow({ update: view.update, ready: () => resume(view, desk) });
  begin(view, desk);
  return desk;
}

const isOpen = (view) => view.get("prompt") === OWN;
const promptOf = (view) => view.get("text") && given(view.get("text"), view.get("dialogue"));
export const isReady = ({ model, shown }) => model.phase === "ready" && Boolean(shown);

// The reader looks at another prompt, where u is another's.
export function leave(view) {
  const desk = desks.get(view);
  if (desk) Object.assign(desk, { left: true, writing: false });
}

function comeBack(view, desk) {
  desk.left = false;
  if (desk.texts[desk.active].scores) show(view, desk);
}

// From the prompt on, with nothing written.
export function begin(view, desk) {
  desk.writing = false;
  desk.texts = desk.texts.map(({ temperature }) => begun(temperature));
  desk.trouble = desk.given ? undefined : EMPTY;
  if (desk.given) askAll(view, desk);
  view.update();
}

// With the text that the model had written before it stopped, if there is one.
function resume(view, desk) {
  if (desk.texts.every(({ written }) => !written.length)) return begin(view, desk);
  desk.trouble = undefined;
  askAll(view, desk);
}

function askAll(view, desk) {
  if (desk.model.phase !== "ready") return;
  for (const column of desk.texts.keys()) ask(view, desk, column);
}

// What comes at the place shown.
function ask(view, desk, column) {
  return (desk.asked[column] = answer(view, desk, column));
}

// An answer to a text that has changed since is dropped.
async function answer(view, desk, column) {
  const text = desk.texts[column];
  try {
    const said = await desk.model.engine.ask({ prompt: desk.given, written: tokens(text), column });
    if (desk.texts[column] !== text) return;
    desk.texts[column] = answered(text, said, desk.model.names);
    if (column === desk.active && isOpen(view)) show(view, desk);
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
  while (!desk.texts[column].scores && !desk.trouble) await desk.asked[column]; // still being read
  const text = desk.texts[column];
  if (!text.scores) return;
  desk.texts[column] = taken(text, chooser(view, desk, column));
  await ask(view, desk, column);
}

export function draw(view, desk) {
  for (const column of desk.texts.keys()) step(view, desk, column);
}

export async function write(view, desk) {
  const run = (desk.writing = {}); // another press of Write is another run
  view.update();
  for (let n = 0; n < MOST && desk.texts.some(({ over }) => !over); n++) {
    for (const column of desk.texts.keys()) {
      if (desk.writing === run && !desk.texts[column].over) await step(view, desk, column);
    }
    if (desk.writing !== run) return;
  }
  stop(view, desk);
}

export function stop(view, desk) {
  desk.writing = false;
  view.update();
}

// Back to a place of the text, or on to its end: what follows stays until another token is drawn there.
export function go(view, desk, column, at) {
  if (at < 0 || at > desk.texts[column].written.length) return;
  desk.writing = false;
  activate(view, desk, column);
  desk.texts[column] = { ...desk.texts[column], at, over: false };
  ask(view, desk, column);
}

export function activate(view, desk, column) {
  if (column === desk.active) return;
  desk.texts[desk.active] = { ...desk.texts[desk.active], temperature: view.temperature };
  desk.active = column;
  view.change({ temperature: toJson(desk.texts[column].temperature) });
  if (desk.texts[column].scores) show(view, desk);
}

// A second text begins at a temperature that is far from the first's.
export function split(view, desk) {
  const T = view.temperature;
  desk.texts = desk.texts.length > 1 ? [begun(T)] : [begun(T), begun(T < 1 ? 1.5 : 0.3)];
  desk.active = 0;
  begin(view, desk);
}

export function sow(view, desk, seed) {
  view.change({ seed });
  begin(view, desk);
}
