// What the state of the sampler means: whom u picks, at this T and at any; the next draw; the open try; in words.
import { minus } from "../base/numbers.mjs";
import { argmax, cumulative, flips, gumbelNoise, gumbelTotals, pick, softmax } from "../base/softmax.mjs";
import { temperatures, toJson } from "../base/state.mjs";
import { apart, held, uniforms } from "../base/uniform.mjs";

export const probabilities = (view, T = view.temperature) => softmax(view.logits, T);
export const totals = (view, p, u = view.get("u")) => gumbelTotals(p, gumbelNoise(u, p.length));
export const chosen = (view, p, u = view.get("u")) => (view.get("gumbel") ? argmax(totals(view, p, u)) : pick(p, u));

let known = { key: "" }; // where the pick flips does not change while T is dragged
export function picksByTemperature(view) {
  const key = JSON.stringify([view.logits, view.get("u"), view.get("gumbel")]);
  if (known.key !== key) known = { key, flips: flips((T) => chosen(view, probabilities(view, T)), temperatures) };
  return known.flips;
}

// The next number of the seed, and the pick that it makes.
export function drawn(view) {
  const [u] = uniforms(view, 1);
  const now = {
    class: chosen(view, probabilities(view), u),
    u,
    temperature: toJson(view.temperature),
    gumbel: view.get("gumbel"),
  };
  return { u, drawn: view.get("drawn") + 1, picks: [...view.get("picks"), now] };
}

// The four tries; each is done after enough picks at its temperatures, and a pick counts for the try that was open.
const ENOUGH = 3,
  HOT = 5,
  COLD = 0.2;
export const TRIES = [
  [`Draw ${ENOUGH} samples. Which classes come?`, () => true],
  [`Set T to ${HOT} or more, draw ${ENOUGH} more. Who comes now?`, (T) => T >= HOT],
  [`Set T to ${COLD} or less, draw ${ENOUGH} more. Always the same?`, (T) => T <= COLD],
  ["Hold u still and move T. Where does the pick flip?", () => false],
];

// The try that is open; and the last pick, once the same u picks another class at the T of now.
export function progress(view, now) {
  const picks = view.get("picks"),
    last = picks.at(-1);
  let open = 0,
    left = ENOUGH;
  for (const { temperature } of picks) {
    if (!TRIES[open][1](Number(temperature)) || --left) continue;
    open += 1;
    left = ENOUGH;
  }
  return { open, flipped: open === TRIES.length - 1 && held(view, last) && last.class !== now ? last : null };
}

export const signed = (x) => (x === -Infinity ? "−∞" : minus(x.toFixed(2)));

export function bounds(p, now, u) {
  const sums = cumulative(p);
  return apart([now ? sums[now - 1] : 0, u, sums[now] === sums.at(-1) ? 1 : sums[now]]);
}

export function sentence(view) {
  const p = probabilities(view),
    now = chosen(view, p),
    label = view.labels[now],
    count = view.get("picks").length;
  const [low, u, high] = bounds(p, now, view.get("u"));
  const what = view.get("gumbel")
    ? `With this noise ${label} has the largest total, ${signed(totals(view, p)[now])}.`
    : `u = ${u} picks ${label}, from ${low} to ${high}.`;
  return `${what} ${flipWords(view)}${count ? ` Past picks: ${count}.` : ""}`;
}

function flipWords(view) {
  const stretches = picksByTemperature(view).map(([T, k]) => [Number(T.toPrecision(3)), view.labels[k]]);
  const [[, first], ...rest] = stretches.filter(([T], n) => T !== stretches[n + 1]?.[0]); // too short to be said
  if (!rest.length) return `Held still, it picks ${first} at every T.`;
  return `Held still while T rises, it picks ${first}, ${rest.map(([T, label]) => `from ${T} ${label}`).join(", ")}.`;
}
