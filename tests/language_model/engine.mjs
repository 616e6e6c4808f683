// The engine outside a page: what it makes of texts and prompts, for test_engine.py to compare with NumPy's.
// node engine.mjs FOLDER FILE    reads { texts, prompts, steps } and writes { encoded, answers } as JSON
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, file] = process.argv.slice(2);
const { load } = await import(new URL("model.mjs", pathToFileURL(`${folder}/`)));
const { ranked } = await import(new URL("ranking.mjs", pathToFileURL(`${folder}/`)));
const { texts, prompts, steps } = JSON.parse(readFileSync(0, "utf-8"));

const content = readFileSync(file);
const model = await load(content.length, (bytes) => bytes.set(content), readFileSync(`${folder}/kernel.wasm`));
const likeliest = (logits) => logits.reduce((best, logit, token) => (logit > logits[best] ? token : best), 0);

const text = model.text(); // one for all prompts: what two have in common is read once

function answer(prompt) {
  const tokens = model.encode(prompt),
    logits = Float32Array.from(model.after(tokens, text)),
    { order, falling } = ranked(logits),
    written = [];
  let last = logits;
  while (written.length < steps) {
    written.push(likeliest(last));
    last = model.after([...tokens, ...written], text);
  }
  return {
    tokens,
    logits: Array.from(logits),
    order: Array.from(order),
    falling: Array.from(falling),
    written,
    texts: model.texts(written),
    last: Array.from(last),
  };
}

process.stdout.write(JSON.stringify({ encoded: texts.map(model.encode), answers: prompts.map(answer) }));
