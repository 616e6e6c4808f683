// Python in this worker: Pyodide, the book's own modules, and kernel.py, which speaks Jupyter's messages.
// In: { msg_type, id, content, buffers }, as Jupyter's shell channel has them. Out: the same with `parent` instead of
// `id`, and beside them progress, loaded, ready, failed (it did not start) and died (it started, and can't go on).
import { loadPyodide } from "./python/pyodide.mjs";

const HOME = "/home/pyodide",
  PYTHON = new URL("python/", import.meta.url);
const EMPTY_MODULE = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
const AT_ONCE = ["numpy", "anywidget"]; // what the cells of nearly every chapter begin with
const STEP = 500_000; // bytes between two words about how much has come
const tell = (msg_type, content) => postMessage({ msg_type, content });

// --- files: counted as they arrive, so that the page can say how much is there
const fetchPlainly = globalThis.fetch;
const loading = { what: "", come: 0, wanted: 0, lost: null };
let giveUp;
const lost = new Promise((_, reject) => {
  giveUp = reject; // Pyodide would wait for ever for some of its files
});
lost.catch(() => {}); // told where it is waited for

globalThis.fetch = async (address, options) => {
  const name = new URL(address, PYTHON).pathname.split("/").at(-1);
  const answer = await fetchPlainly(address, options).catch(() => ({ ok: false }));
  if (!answer.ok) {
    giveUp(new Error((loading.lost = `${name} did not arrive${answer.status ? ` (error ${answer.status})` : ""}.`)));
    await lost;
  }
  if (!name.endsWith(".wasm")) return new Response(answer.body.pipeThrough(counter()), { headers: answer.headers });
  answer
    .clone()
    .body.pipeThrough(counter())
    .pipeTo(new WritableStream())
    .catch(() => {});
  return answer; // as it came: the browser may have kept what it compiled
};

function counter() {
  return new TransformStream({
    transform(piece, controller) {
      const before = loading.come;
      loading.come = Math.min(before + piece.byteLength, loading.wanted);
      if (Math.floor(before / STEP) !== Math.floor(loading.come / STEP)) tell("progress", loading);
      controller.enqueue(piece);
    },
  });
}

const read = async (name, kind) => (await fetch(new URL(name, PYTHON)))[kind]();

// --- packages: what a cell imports is loaded before it runs
let lock;

/** The names of these packages and of all that they need, which are not there yet. */
function missing(names, there) {
  const found = new Set(),
    waiting = [...names];
  while (waiting.length) {
    const name = waiting.pop();
    if (found.has(name) || name in there) continue;
    found.add(name);
    waiting.push(...lock.packages[name].depends.map((need) => need.toLowerCase()));
  }
  return [...found];
}

function expect(what, names, others = []) {
  const sizes = [...names.map((name) => lock.packages[name].size), ...others.map((name) => lock.files[name])];
  Object.assign(loading, { what, come: 0, wanted: sizes.reduce((sum, size) => sum + size, 0), lost: null });
  tell("progress", loading);
}

async function loadPackages(pyodide, modules) {
  const wanted = modules.flatMap((module) => lock.provides[module] ?? []);
  const names = missing(wanted, pyodide.loadedPackages);
  if (!names.length) return;
  expect(names.join(", "), names);
  await pyodide.loadPackage(names, { messageCallback() {}, errorCallback() {} });
  tell("loaded");
  if (loading.lost) throw new Error(`${loading.lost} Run the cell again to try once more.`);
}

/** What the build kept of an experiment, as the Python that waits for it needs it: at once. */
function result(name) {
  if (!lock.results.includes(name)) return null;
  const request = new XMLHttpRequest();
  request.open("GET", new URL(`results/${name}`, import.meta.url), false);
  request.responseType = "arraybuffer";
  try {
    request.send();
  } catch {
    return null;
  }
  return request.status === 200 ? new Uint8Array(request.response) : null;
}

async function start() {
  if (typeof WebAssembly === "undefined")
    throw new Error("This browser has no WebAssembly, or it is switched off: Python can't run in it.");
  try {
    new WebAssembly.Module(EMPTY_MODULE);
  } catch {
    // Pyodide would wait for ever
    throw new Error("This site's policy does not let Python run in the page: its rules need 'wasm-unsafe-eval'.");
  }
  lock = await (await fetchPlainly(new URL("pyodide-lock.json", PYTHON))).json().catch(() => {
    throw new Error("pyodide-lock.json did not arrive.");
  });
  expect("Python", missing(AT_ONCE, {}), Object.keys(lock.files));
  const book = read("../book.zip", "arrayBuffer");
  book.catch(() => {}); // told below
  const loaded = loadPyodide({
    indexURL: PYTHON.href,
    packages: AT_ONCE,
    env: { HOME: `${HOME}/book`, MPLBACKEND: "agg" },
    fullStdLib: false,
    stdout: (line) => console.log(line),
    stderr: (line) => console.warn(line),
  });
  const pyodide = await Promise.race([loaded, lost]);
  tell("loaded");
  pyodide.unpackArchive(await book, "zip", { extractDir: HOME });
  pyodide.runPython(`import os, sys; os.chdir("${HOME}/book"); sys.path[:0] = ["${HOME}/book", "${HOME}"]`);
  const kernel = pyodide.pyimport("kernel");
  kernel.connect(
    (json, buffers) => postMessage({ ...JSON.parse(json), buffers: buffers ?? [] }),
    (modules) => loadPackages(pyodide, modules),
    result,
  );
  return { pyodide, kernel };
}

let turn = start();
turn.then(
  () => tell("ready"),
  (error) => tell("failed", { text: loading.lost ?? error.message ?? String(error) }),
);

addEventListener("message", ({ data }) => {
  // one after the other, as they came
  turn = turn.then(async (made) => {
    if (data.interrupt) made.pyodide.setInterruptBuffer(data.interrupt);
    else await made.kernel.receive(JSON.stringify({ ...data, buffers: undefined }), data.buffers ?? []);
    return made;
  });
  turn.catch((error) => tell("died", { text: String(error.message ?? error) }));
});
