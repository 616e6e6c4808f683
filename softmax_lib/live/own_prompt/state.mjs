// What a text that is being written means: its tokens, the place that is shown, and what comes next there.
import { mulberry32 } from "../base/softmax.mjs";
import { outcome, scores, SEEDS } from "../next_token/state.mjs";

export const MOST = 200; // tokens that Write goes on for
const HOT = 10; // bits of surprise with the fullest colour

// What the model reads: the prompt as it is, or as a question to which it is to answer.
export const given = (text, dialogue) =>
  dialogue ? `<|im_start|>user\n${text}<|im_end|>\n<|im_start|>assistant\n` : text;

// The number that decides at a place: the same in every text of a seed, whatever T is.
export function luck(seed, place) {
  const next = mulberry32(seed);
  for (let k = 0; k < place; k++) next();
  return next();
}
export const nextSeed = (seed) => (seed + 1) % SEEDS;

// A text: its tokens after the prompt, { token, word, u, temperature, bits }, the place that is shown, and the scores
// there.
export const begun = (temperature) => ({ temperature, prompt: [], written: [], at: 0, scores: undefined, over: false });
export const tokens = ({ written, at }) => written.slice(0, at).map(({ token }) => token);
export const isAtEnd = ({ written, at }) => at === written.length;

// The text with what the model answered: the words so far, and the scores of what may follow.
export function answered(text, { prompt, written, over, order, falling }, names) {
  return {
    ...text,
    prompt,
    over,
    written: text.written.map((one, k) => (k < written.length ? { ...one, word: written[k] } : one)),
    scores: {
      ...scores(order, falling),
      name: (rank) => names[order[rank - 1]],
      token: (rank) => order[rank - 1],
    },
  };
}

// The text with the token that u picks at the place shown; what stood there and after it is gone.
export function taken(text, view) {
  const { rank, before } = outcome(view, text.scores),
    { token, name } = text.scores;
  const one = {
    token: token(rank),
    word: name(rank),
    u: view.get("u"),
    temperature: view.temperature,
    bits: -Math.log2(before(rank)),
  };
  return { ...text, written: [...text.written.slice(0, text.at), one], at: text.at + 1, scores: undefined };
}

// How surprised the model was, from 0 to 1.
export const heat = (bits) => Math.min(1, bits / HOT);

// --- while the file comes
export const megabytes = (bytes) => Math.round(bytes / 1e6);

// What is left at the speed so far, in words.
export function timeLeft(come, left, milliseconds) {
  const seconds = Math.round((left * milliseconds) / come / 1000);
  if (!Number.isFinite(seconds)) return "";
  return seconds < 90 ? `${seconds} s left` : `${Math.round(seconds / 60)} min left`;
}
