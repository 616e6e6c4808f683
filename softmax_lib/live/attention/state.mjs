// What the state of a head means: the weights of the token that looks back, and who wins, in words.
import { decimals, temperatureText } from "../base/numbers.mjs";
import { entropy, perplexity, softmax } from "../base/softmax.mjs";

export const shown = (view) => view.get("heads")[view.get("head")];
export const products = (view) => shown(view).products[view.get("query")]; // with each token up to this one
export const weights = (view) => softmax(products(view), view.temperature * Math.sqrt(view.get("size")));

export function readings(view) {
  const p = weights(view);
  return { nats: entropy(p), alike: perplexity(p), first: p[0] };
}

const unit = (T) => (T === 1 ? "√d" : temperatureText(T) + (T > 0 && T < Infinity ? "√d" : ""));

export function sentence(view) {
  const p = weights(view),
    top = Math.max(...p),
    winners = view.labels.filter((_, k) => p[k] === top),
    [said] = winners;
  const won = winners.length > 1 ? `${winners.length} tokens share` : `“${said}” wins`;
  const { alike, first } = readings(view);
  return (
    `“${view.labels[view.get("query")]}” looks back at T = ${unit(view.temperature)}: ${won} with ${decimals(top)}; ` +
    `the first token holds ${decimals(first)}; as spread as ${alike.toFixed(2)} equal weights.`
  );
}
