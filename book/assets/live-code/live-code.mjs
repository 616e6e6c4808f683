// A kernel behind the cells of the page. Thebe brings editors and talks to Jupyter; where the kernel comes from, what
// runs first, and what the reader is told is said here. Loaded when the reader asks for it: see button.js.
import { findCells, nameControls, Runner, setUpCells } from "./cells.mjs";
import { showPanel } from "./panel.mjs";
import { findServer, stopSession } from "./server.mjs";
import { loadScript, offerWidgets } from "./widgets.mjs";

const READY = "Ready. Edit a cell, then press Run or Shift+Enter.";
// a path of its own: the server would give two tabs with the same path the same kernel; its folder is where cells run
const PATH = `${document.getElementById("live-code").dataset.page}-${Math.random().toString(36).slice(2)}.ipynb`;

const say = showPanel({
  "Run all": () => runner.runAll(),
  Interrupt: () => interrupt(),
  Restart: () => restart(),
  "Try again": () => start(),
});
let cells, runner, server, session, blocked;
let news = ""; // what to say when the connection is back

export async function start() {
  try {
    await connect();
    if (await runner.run(() => setUpCells(cells))) say("ready", READY);
  } catch (error) {
    console.warn("live code:", error);
    await new Promise((done) => {
      setTimeout(done);
    }); // the word that the policy blocked it comes a moment later
    say(
      "failed",
      blocked ? "This site's policy does not let the page reach a kernel." : (error.message ?? String(error)),
    );
  }
}

async function connect() {
  blocked = false;
  const [settings] = await Promise.all([
    findServer(say),
    loadStyle("live-code.css"),
    window.thebe ?? loadScript("../thebe/index.js"),
  ]);
  say("connecting", "Starting a kernel …");
  if (server) await reconnect(settings);
  else await mount(settings);
  session = await server.startNewSession(thebe.notebook.rendermime, { kernelName: "python3", path: PATH });
  await offerWidgets(session.manager);
  thebe.notebook.attachSession(session);
  runner.drop({ restarted: true });
  watch(session.kernel);
}

async function mount(settings) {
  cells = findCells();
  const { notebook } = await thebe.bootstrap({
    useBinder: false,
    requestKernel: false,
    serverSettings: settings,
    mathjaxUrl: "", // formulas are in the page already
    mountRunAllButton: false,
    mountRestartButton: false,
    mountRestartAllButton: false,
  });
  server = thebe.server;
  cells.forEach((cell, i) => {
    cell.thebe = notebook.cells[i];
  });
  cells.forEach(nameControls);
  runner = new Runner(cells, say);
  await server.ready;
}

async function reconnect(settings) {
  server.config.serverSettings = settings;
  server = new server.constructor(server.config);
  server.connectToJupyterServer();
  await server.ready;
}

async function interrupt() {
  runner.drop();
  await session.kernel.interrupt();
  say("ready", "Interrupted.");
}

async function restart() {
  runner.drop({ restarted: true });
  say("connecting", "Restarting the kernel …");
  news = "Restarted: nothing has run yet.";
  await session.restart();
  say("ready", "Restarted: nothing has run yet.");
  news = "";
}

function watch(kernel) {
  kernel.statusChanged.connect((_, status) => {
    if (status === "dead") say("failed", "The kernel died.");
    if (status !== "autorestarting") return;
    runner.drop({ restarted: true });
    news = "The kernel died and another took its place: nothing has run yet.";
  });
  kernel.connectionStatusChanged.connect((_, status) => {
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

const loadStyle = (name) =>
  new Promise((resolve) => {
    const link = Object.assign(document.createElement("link"), {
      rel: "stylesheet",
      href: new URL(name, import.meta.url),
    });
    link.addEventListener("load", resolve);
    document.head.append(link);
  });

addEventListener("securitypolicyviolation", () => {
  blocked = true;
});
addEventListener("pagehide", () => session && stopSession(server.config.serverSettings, session.id));
