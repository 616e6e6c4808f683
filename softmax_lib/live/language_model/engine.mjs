// What a page asks of a language model: the model of language_model/ in a worker. Another engine is another module
// with `find` and `engine`, as jupyter.mjs is; which file is loaded, and from where, says place.json, by the build.
import { forget, kept } from "./store.mjs";

const SILENCE = 15, // seconds without a word while it reads, after which the worker is taken for dead
  SECOND = 1000;
const DEAD = "The model stopped: the browser may have ended it to free memory. Load it again.";
const IN_A_FOLDER = "This page was opened from a folder, and the model is not in it: it is on the book's site.";

// Where the file is, { address, bytes, sha256 }, and whether this browser keeps it; or { why } there is none.
export async function find() {
  if (!/^https?:/.test(import.meta.url)) return { why: IN_A_FOLDER };
  try {
    const place = await (await fetch(new URL("./place.json", import.meta.url))).json();
    if (place.why) return place;
    return { ...place, address: new URL(place.address, import.meta.url).href, kept: Boolean(await kept(place)) };
  } catch {
    return { why: "The site did not say where the model is: load this page again." };
  }
}

// `hear` is told what the worker tells of its loading: { bytes }, { names, kept } or { trouble }.
export function engine(place, hear) {
  const worker = new Worker(new URL("./worker.mjs", import.meta.url), { type: "module" }),
    waiting = new Map(); // questions, by number
  let asked = 0,
    silence = 0;

  worker.onmessage = ({ data }) => {
    silence = 0;
    if (data.id === undefined) {
      if (!data.reading) hear(data);
      return;
    }
    const { resolve, reject } = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.answer) resolve(data.answer);
    else reject(new Error(data.refused));
  };
  worker.onerror = () => fail("The model could not be started here: load this page again.");

  function fail(trouble) {
    end(trouble);
    hear({ trouble, dead: true });
  }
  function end(why) {
    clearInterval(watch);
    worker.terminate();
    for (const { reject } of waiting.values()) reject(new Error(why));
    waiting.clear();
  }
  // Seconds are counted one by one: those of a machine that slept do not count.
  const watch = setInterval(() => {
    silence = waiting.size ? silence + 1 : 0;
    if (silence === SILENCE) fail(DEAD);
  }, SECOND);

  return {
    load: () => worker.postMessage({ place }), // or try again
    stop: () => worker.postMessage({ stop: true }),
    close: () => end("The model was removed."),
    forget: () => forget(place),
    // What comes after a prompt and the tokens written: { order, falling, prompt, written, over }.
    ask: (question) =>
      new Promise((resolve, reject) => {
        waiting.set(++asked, { resolve, reject });
        worker.postMessage({ id: asked, ...question });
      }),
  };
}
