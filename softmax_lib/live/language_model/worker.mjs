// The language model in a worker. It is told { place } to bring the file and start, and again to try once more;
// { stop } to stop bringing it; { id, prompt, written, column } to say what comes after a prompt and tokens.
// It tells { bytes } on the way, { names, kept } when it is ready, { trouble } if it is not; { answer } or { refused };
// and { reading } while it reads.
import { download, UNCHECKED } from "./download.mjs";
import { load } from "./model.mjs";
import { ranked } from "./ranking.mjs";

const NO_SIMD =
  "This browser is too old for the model: it lacks WebAssembly with SIMD. A browser of 2023 or later has it.";
const NO_MEMORY = "There is not enough free memory: the model needs about 300 MB. Close other pages, and try again.";
const NOT_A_NUMBER = "The model computed no numbers: load it anew.";

let model, again, controller;
const texts = []; // one a column

globalThis.onmessage = ({ data }) => {
  if (data.stop) controller?.abort();
  else if (data.place) (again ?? start)(data.place);
  else respond(data);
};

const tell = (words) => globalThis.postMessage(words);

async function start(place) {
  again = () => {}; // a second press while it starts
  let kept;
  const bring = async (bytes) => {
    const file = download(place, bytes, (bytes) => tell({ bytes }));
    while (kept === undefined) kept = await attempt(file);
  };
  try {
    if (!globalThis.crypto?.subtle) throw new Error(UNCHECKED);
    model = await load(place.bytes, bring, await program());
    tell({ names: Array.from({ length: model.size }, (_, token) => model.name(token)), kept });
  } catch (error) {
    again = undefined;
    tell({ trouble: error instanceof RangeError ? NO_MEMORY : error.message });
  }
}

// Undefined if it failed, and the reader wants another try.
async function attempt(file) {
  controller = new AbortController();
  try {
    return await file(controller.signal);
  } catch (error) {
    tell({ trouble: controller.signal.aborted ? "Loading was stopped." : sentence(error) });
    return new Promise((resolve) => {
      again = () => resolve(undefined);
    });
  }
}

// What browsers say of a connection that failed differs, and helps nobody.
const sentence = (error) => (error instanceof TypeError ? "The connection to the site failed." : error.message);

async function program() {
  const response = await fetch(new URL("./kernel.wasm", import.meta.url));
  if (!response.ok) throw new Error(`The model's program did not come: ${response.status} ${response.statusText}.`);
  const bytes = await response.arrayBuffer();
  if (!globalThis.WebAssembly?.validate(bytes)) throw new Error(NO_SIMD);
  return bytes;
}

function respond({ id, prompt, written, column }) {
  try {
    const { order, falling, ...words } = answer(prompt, written, column);
    globalThis.postMessage({ id, answer: { ...words, order, falling } }, [order.buffer, falling.buffer]);
  } catch (error) {
    tell({ id, refused: error.message });
  }
}

// The texts of the tokens so far, and all that may follow, likeliest first, with their logits.
function answer(prompt, written, column) {
  const begun = model.encode(prompt);
  const logits = model.after([...begun, ...written], (texts[column] ??= model.text()), () => tell({ reading: true }));
  if (!logits.every(Number.isFinite)) throw new Error(NOT_A_NUMBER);
  return {
    ...ranked(logits),
    prompt: model.texts(begun),
    written: model.texts(written),
    over: written.length > 0 && model.isSign(written.at(-1)),
  };
}
