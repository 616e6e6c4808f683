// What the state of the next-token explorer means: the scores of a prompt, what the steps leave of them,
// the next draws, what each setting may be; and that in words.
import { decimals, whole } from "../base/numbers.mjs";
import { pickOfFirst, tempered, truncated } from "../base/softmax.mjs";
import { number, shared, toJson, wholeNumber } from "../base/state.mjs";
import { uniforms, uRule } from "../base/uniform.mjs";

export const VOCABULARY = 49152,
  ROWS = 8;
const SCALE = 4096,
  SLOTS = 4;
export const FILES = {
  breakfast: "./prompts/breakfast.bin",
  rainbow: "./prompts/rainbow.bin",
  story: "./prompts/story.bin",
  zoo: "./prompts/zoo.bin",
  number: "./prompts/number.bin",
  dialogue: "./prompts/dialogue.bin",
};
export const OWN = "own"; // the reader's prompt, in the place of one of these
export const SEEDS = 10_000,
  LONGEST = 2000; // letters of a reader's prompt
export const NAMES = { temperature: "Temperature", top_k: "Top-k", top_p: "Top-p", min_p: "Min-p" };

export const classes = (nats) =>
  Math.exp(nats) < 1000 ? Math.exp(nats).toFixed(2) : whole(Math.round(Math.exp(nats)));
export const marked = (token) => token.replaceAll(" ", "␣").replaceAll("\n", "⏎").replaceAll("\t", "⇥");

// The scores as they are sent: the likeliest tokens and the highest score, in steps of 1/4096, on a line of JSON;
// then by how many steps each score is lower than the one before: the high bytes of all, and the low bytes.
export function unpacked(bytes) {
  const end = bytes.indexOf(10),
    { tokens, highest } = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end)));
  const high = bytes.subarray(end + 1),
    low = bytes.subarray(end + 1 + VOCABULARY);
  let steps = highest;
  const falling = Float64Array.from({ length: VOCABULARY }, (_, k) => (steps -= 256 * high[k] + low[k]) / SCALE);
  return { tokens, falling };
}

export function scores(tokens, falling) {
  const model = tempered(falling, 1);
  let latest = model; // u and the cuts move without T
  return {
    model,
    name: (rank) => tokens[rank - 1] ?? `#${whole(rank)}`,
    isNamed: (rank) => rank <= tokens.length,
    spread: (T) =>
      T === 1
        ? model
        : (latest = latest.T === T ? latest : tempered(falling, T, latest === model ? undefined : latest)),
  };
}

const settings = (view) =>
  view.get("order").map((name) => [name, name === "temperature" ? view.temperature : view.get(name)]);

export function outcome(view, { model, name, spread }) {
  const steps = truncated(settings(view), spread),
    { left, nats, now } = steps.at(-1);
  const total = now.sums[left - 1],
    rank = pickOfFirst(left, now, view.get("u")) + 1;
  return {
    steps,
    left,
    nats,
    name,
    rank,
    model,
    before: (rank) => model.weights[rank - 1] / model.sums.at(-1),
    after: (rank) => (rank > left ? 0 : now.weights[rank - 1] / total),
    sum: (ranks) => (ranks >= left ? 1 : ranks && now.sums[ranks - 1] / total), // of so many of the likeliest
    rest: (ranks) => Math.max(0, now.ends[ranks] - now.ends[left]) / total, // of all the others
    kept: left === VOCABULARY ? 1 : model.sums[left - 1] / model.sums.at(-1),
    initial: truncated([["top_k", VOCABULARY]], spread)[0].nats,
  };
}

// The next numbers of the seed, and the tokens that they pick.
export function drawn(view, { spread }, count) {
  const us = uniforms(view, count),
    { left, now } = truncated(settings(view), spread).at(-1);
  const picks = us.map((u) => ({
    prompt: view.get("prompt"),
    rank: pickOfFirst(left, now, u) + 1,
    u,
    temperature: toJson(view.temperature),
  }));
  return { u: us.at(-1), drawn: view.get("drawn") + count, picks: [...view.get("picks"), ...picks] };
}

// The likeliest tokens by name and the rest in one: what the number u falls on.
export function slots({ left, name, after, rest }) {
  const named = Math.min(SLOTS, left);
  const p = Array.from({ length: named }, (_, k) => after(k + 1)),
    names = p.map((_, k) => marked(name(k + 1)));
  return named < left ? { named, p: [...p, rest(named)], names: [...names, "rest"] } : { named, p, names };
}

// The order with one step earlier (-1) or later (1); null if it is at that end.
export function moved(order, name, by) {
  const i = order.indexOf(name),
    to = i + by;
  return order[to] ? order.with(i, order[to]).with(to, name) : null;
}

// --- the settings: what each may be, and where it lies on its slider
export const across = (rank) => Math.log(rank) / Math.log(VOCABULARY);
const LEAST = 1e-4; // of min-p on its slider; below is 0, which keeps all
const isCount = (k) => Number.isInteger(k) && k >= 1 && k <= VOCABULARY;
const isShare = (p) => p > 0 && p <= 1;
const isLeast = (p) => p >= 0 && p <= 1;
export const SETTINGS = {
  top_k: {
    from: (x) => Math.round(VOCABULARY ** x),
    at: across,
    min: 1,
    max: VOCABULARY,
    step: 1,
    read: wholeNumber,
    accepts: isCount,
    all: VOCABULARY,
    words: whole,
    wanted: `a whole number from 1 to ${whole(VOCABULARY)}, which keeps all`,
  },
  top_p: {
    from: (x) => Math.max(0.01, x),
    at: (p) => p,
    min: 0.01,
    max: 1,
    step: 0.01,
    accepts: isShare,
    all: 1,
    words: String,
    wanted: "above 0 and up to 1, which keeps all",
  },
  min_p: {
    from: (x) => (x === 0 ? 0 : Number((LEAST ** (1 - x)).toPrecision(2))),
    at: (p) => (p <= LEAST ? 0 : 1 - Math.log(p) / Math.log(LEAST)),
    min: 0,
    max: 1,
    step: 0.01,
    accepts: isLeast,
    all: 0,
    words: String,
    wanted: "from 0, which keeps all, to 1",
  },
};

export function sentence(view, one) {
  const { steps, left, name, after, initial, nats, rank } = outcome(view, one);
  const tied = steps.some((step) => step.name === "top_k" && step.left > view.get("top_k"))
    ? " Tokens that tie are kept together."
    : "";
  const picked = one.isNamed(rank) ? `“${name(rank)}”` : `the token of rank ${whole(rank)}, whose text is not here`;
  return [
    `${whole(left)} of ${whole(VOCABULARY)} tokens are left; “${name(1)}” leads with ${decimals(after(1))};`,
    `as uncertain as ${classes(nats)} equally likely tokens,`,
    `before the steps ${classes(initial)}.${tied} u picks ${picked}.`,
  ].join(" ");
}

export const isSeed = (seed) => Number.isInteger(seed) && seed >= 0 && seed < SEEDS;
export const SEED_WORDS = `a whole number from 0 to ${SEEDS - 1}`;

// In a link, all stand beside T, if the reader moved those that are `spare`; to the next page they do not come along.
const linked = (letter, accepts, wanted, { read = number, write = String, ...more } = {}) => ({
  letter,
  stays: true,
  read,
  write,
  accepts,
  wanted: () => `${letter} takes ${wanted}`,
  ...more,
});
const isName = (name) => name === OWN || Object.hasOwn(FILES, name);
const isText = (text) => typeof text === "string" && text.length <= LONGEST;
const isOrder = (order) => Array.isArray(order) && String([...order].sort()) === String(Object.keys(NAMES).sort());
export const rules = {
  ...shared,
  prompt: linked("prompt", isName, `one of ${Object.keys(FILES).join(", ")}, ${OWN}`, { read: String }),
  text: linked("text", isText, `up to ${whole(LONGEST)} letters`, {
    read: String,
    write: encodeURIComponent,
    longest: LONGEST + 1,
    spare: true,
  }),
  dialogue: linked("dialogue", (yes) => typeof yes === "boolean", "yes or no", {
    read: (word) => ({ yes: true, no: false })[word] ?? null,
    write: (yes) => (yes ? "yes" : "no"),
    spare: true,
  }),
  seed: linked("seed", isSeed, SEED_WORDS, { read: wholeNumber, spare: true }),
  top_k: linked("k", isCount, SETTINGS.top_k.wanted, { read: wholeNumber }),
  top_p: linked("p", isShare, SETTINGS.top_p.wanted),
  min_p: linked("min", isLeast, SETTINGS.min_p.wanted),
  order: linked("order", isOrder, `${Object.keys(NAMES).join(", ")} in any order`, { read: (text) => text.split(",") }),
  u: uRule,
};
