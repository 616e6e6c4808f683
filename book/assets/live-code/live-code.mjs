// A kernel behind the cells of the page. Thebe brings editors and talks to Jupyter; where the kernel comes from, what
// runs first, and what the reader is told is said here. Loaded when the reader asks for it: see button.js.
import { cellBelow, nameFigure, takeAsked } from "./beside.mjs";
import { editorOf, findCells, nameControls, Runner, setUpCells } from "./cells.mjs";
import { makePanel } from "./panel.mjs";
import { findServer, readPlaces, stopSession } from "./server.mjs";
import { loadScript, offerWidgets } from "./widgets.mjs";

const HINT = "Edit a cell, then press Run or Shift+Enter; Esc leads here.";
// a path of its own: the server would give two tabs with the same path the same kernel; its folder is where cells run
const PATH = `${document.getElementById("live-code").dataset.page}-${Math.random().toString(36).slice(2)}.ipynb`;

const OPTIONS = {
  useBinder: false,
  requestKernel: false,
  mathjaxUrl: "", // formulas are in the page already
  mountRunAllButton: false,
  mountRestartButton: false,
  mountRestartAllButton: false,
  codeMirrorConfig: { lineNumbers: false, lineWrapping: true },
};

const actions = {
  "Run all": () => runner.runAll(),
  Interrupt: () => interrupt(),
  Restart: () => restart("Restarted: nothing has run yet."),
  "Try again": () => start(),
};
const { show, say, progress } = makePanel(actions);
const styled = loadStyle("live-code.css").then(show);
let places, place; // where Python can run, and where it does
let settings, cells, runner, server, session, blocked;
let asked = takeAsked(); // the lines to run below the element of a figure's cell, until they can
let phase = "starting"; // started, or failed
let news = ""; // what to say when the connection is back

export async function start() {
  const began = performance.now();
  phase = "starting";
  try {
    await choosePlace();
    await connect();
    phase = "started";
    const own = placeAsked();
    if (!(await runner.run(() => setUpCells(cells)))) return;
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    const where = place.page
      ? `Python started in the page in ${seconds} s.`
      : `Python runs on ${new URL(settings.baseUrl).host}, which sees what you run; its answers can change this page.`;
    say("ready", `Ready. ${where} ${HINT}`);
    if (own) await runOwn(own);
  } catch (error) {
    console.warn("live code:", error);
    phase = "failed";
    await new Promise((done) => {
      setTimeout(done);
    }); // the word that the policy blocked it comes a moment later
    progress(null);
    say(
      "failed",
      blocked ? "This site's policy does not let the page reach a kernel." : (error.message ?? String(error)),
    );
  }
}

/** In the page where it can; what kernel.json names beside it is one press away. */
async function choosePlace() {
  if (places) return;
  const { page, ...elsewhere } = await readPlaces();
  places = { page: { page }, elsewhere };
  choose(page ? places.page : places.elsewhere);
}

function choose(chosen) {
  place = chosen;
  const other = place.page ? places.elsewhere : places.page;
  const offer = Object.values(other).some(Boolean) ? () => move(other) : null;
  actions["Run elsewhere"] = place.page && offer;
  actions["Run in the page"] = !place.page && offer;
}

async function move(other) {
  if (place.page) settings?.close();
  else if (session) stopSession(settings, session.id);
  session = null;
  progress(null);
  choose(other);
  await start();
}

async function connect() {
  blocked = false;
  [settings] = await Promise.all([
    findServer(place, say, progress),
    styled,
    window.thebe ?? loadScript("../thebe/index.js"),
  ]);
  if (!place.page) say("connecting", "Starting a kernel …");
  if (server) await reconnect();
  else await mount();
  session = await server.startNewSession(thebe.notebook.rendermime, { kernelName: "python3", path: PATH });
  await offerWidgets(session.manager);
  thebe.notebook.attachSession(session);
  runner.drop({ restarted: true });
  watch(session.kernel);
  await settings.ready;
}

async function mount() {
  cells = findCells();
  const { notebook } = await thebe.bootstrap({ ...OPTIONS, serverSettings: settings });
  server = thebe.server;
  cells.forEach((cell, i) => {
    cell.thebe = notebook.cells[i];
  });
  cells.forEach(nameControls);
  runner = new Runner(
    cells,
    say,
    ({ element, original, thebe }) =>
      place.page && element.matches(".tag_elsewhere") && thebe.source.trim() === original,
  );
  await server.ready;
}

/** The reader's own cell below the figure's, with the lines that were asked for; null if none were. */
function placeAsked() {
  const figure = cells.find(({ element }) => element === asked?.element);
  if (!figure) return null;
  nameFigure(figure);
  figure.own ??= mountBelow(figure);
  editorOf(figure.own).setValue(asked.lines);
  asked = null;
  figure.own.element.querySelector("button").focus({ preventScroll: true });
  return figure.own;
}

async function runOwn(cell) {
  cell.element.scrollIntoView({ block: "end" });
  await runner.runUpTo(cell);
  keepInSight(cell);
}

/** Until the reader acts: the figure above grows when it is made anew, and results may come later. */
function keepInSight({ element }) {
  const observer = new ResizeObserver(() => element.scrollIntoView({ block: "nearest" }));
  for (const grown of [element, element.previousElementSibling]) observer.observe(grown);
  for (const act of ["keydown", "pointerdown", "wheel"])
    addEventListener(act, () => observer.disconnect(), { once: true, passive: true });
}

function mountBelow(figure) {
  const cell = cellBelow(figure),
    { notebook } = thebe,
    id = `own-${notebook.cells.length}`;
  cell.thebe = new notebook.cells[0].constructor(id, notebook.id, "", server.config, {}, notebook.rendermime);
  cell.thebe.attachSession(session);
  notebook.cells.push(cell.thebe);
  const placeholders = { source: cell.source, output: cell.place };
  thebe.renderAllCells(thebe.mergeOptions(OPTIONS), notebook, [{ id, placeholders }]);
  nameControls(cell);
  runner.add(cell, figure);
  return cell;
}

async function reconnect() {
  server.config.serverSettings = settings;
  server = new server.constructor(server.config);
  server.connectToJupyterServer();
  await server.ready;
}

async function interrupt() {
  if (settings.forgets)
    return restart("Stopped. Python had to start anew: its variables are gone, and nothing has run yet.");
  runner.drop();
  await session.kernel.interrupt();
  say("ready", "Interrupted.");
}

async function restart(words) {
  runner.drop({ restarted: true });
  say("connecting", "Restarting the kernel …");
  news = words;
  try {
    await session.restart();
    say("ready", words);
  } catch (error) {
    say("failed", error.message);
  }
  news = "";
}

function watch(kernel) {
  kernel.statusChanged.connect((_, status) => {
    if (kernel !== session?.kernel) return; // Python has moved elsewhere
    if (status === "dead") say("failed", "The kernel died.");
    if (status !== "autorestarting") return;
    runner.drop({ restarted: true });
    news = "The kernel died and another took its place: nothing has run yet.";
    settings.ready?.then(
      () => say("ready", news),
      ({ message }) => say("failed", message),
    ); // no connection was lost
  });
  kernel.connectionStatusChanged.connect((_, status) => {
    if (kernel !== session?.kernel) return;
    if (status === "disconnected") return say("failed", "The connection to the kernel is lost.");
    if (status === "connecting") {
      news ||= "Connected again.";
      say("connecting", "The connection to the kernel is lost: trying again …");
    } else if (news) {
      say("ready", news);
      news = "";
    }
  });
}

/** Resolves though it fails to load: plain words are better than none. */
function loadStyle(name) {
  const link = Object.assign(document.createElement("link"), {
    rel: "stylesheet",
    href: new URL(name, import.meta.url),
  });
  document.head.append(link);
  return new Promise((resolve) => {
    for (const end of ["load", "error"]) link.addEventListener(end, resolve);
  });
}

addEventListener("run-python", ({ target, detail: lines }) => {
  asked = { element: target.closest("div.cell"), lines };
  if (phase === "failed") start();
  if (phase === "started") runOwn(placeAsked());
});
addEventListener("securitypolicyviolation", () => {
  blocked = true;
});
// a worker ends with its page
addEventListener("pagehide", () => session && !place.page && stopSession(settings, session.id));
