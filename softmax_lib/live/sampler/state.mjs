// What the state of the sampler means: whom u picks, at this T and at any; the next draw; in words.
import { minus } from "../base/numbers.mjs";
import { argmax, cumulative, flips, gumbelNoise, gumbelTotals, pick, softmax } from "../base/softmax.mjs";
import { temperatures, toJson } from "../base/state.mjs";
import { apart, uniforms } from "../base/uniform.mjs";

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

export function flipWords(view) {
  const stretches = picksByTemperature(view).map(([T, k]) => [Number(T.toPrecision(3)), view.labels[k]]);
  const [[, first], ...rest] = stretches.filter(([T], n) => T !== stretches[n + 1]?.[0]); // too short to be said
  if (!rest.length) return `Held still, it picks ${first} at every T.`;
  return `Held still while T rises, it picks ${first}, ${rest.map(([T, label]) => `from ${T} ${label}`).join(", ")}.`;
}
