// The state that follows the reader from figure to figure: what it may be, and how a link spells it.

export const LOGIT_LIMIT = 5;
export const [T_MIN, T_MAX] = [0.05, 20]; // the ends of the temperature slider; 0 and infinity are its stops

export const isLogit = (z) => typeof z === "number" && Math.abs(z) <= LOGIT_LIMIT;
export const isTemperature = (T) => T === 0 || T === Infinity || (T >= T_MIN && T <= T_MAX);

// JSON has no infinity: in the state a temperature is a number or the word "Infinity".
export const toJson = (T) => (T === Infinity ? "Infinity" : T);

// A number as people write it, with a point or a comma and any minus; NaN for all else, so that "" is not 0 and "0x10"
// is not 16. No number needs a long text, and a pattern can take forever over one.
const LONGEST = 40;
export function number(text) {
  if (text.length > LONGEST) return NaN;
  const plain = text.trim().replaceAll("−", "-").replace(",", ".");
  return /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i.test(plain) && Number.isFinite(Number(plain)) ? Number(plain) : NaN;
}

// A whole number, whose comma can only part thousands: "4,000" is not 4, and "1.5" is refused.
export function wholeNumber(text) {
  const plain = /^\s*\d{1,3}(,\d{3})+\s*$/.test(text) ? text.replaceAll(",", "") : text;
  return /[.,]/.test(plain) ? NaN : number(plain);
}

// What can still become a number: nothing yet, a sign, a point, the beginning of an exponent.
export const unfinished = (text) =>
  text.length <= LONGEST && /^\s*[-+−]?\d*[.,]?\d*(e[-+−]?\d*)?\s*$/i.test(text) && Number.isNaN(number(text));

// Per key: its letter in a link, reading and writing it, whether a figure that now shows `mine` can take it;
// `stays: true` keeps it from following the reader to the next page.
export const shared = {
  logits: {
    letter: "z",
    read: (text) => text.split(",").map(number),
    write: (logits) => logits.join(","),
    accepts: (value, mine) => Array.isArray(value) && value.length === mine.length && value.every(isLogit),
    wanted: (mine) => `z takes ${mine.length} numbers from −${LOGIT_LIMIT} to ${LOGIT_LIMIT}`,
  },
  temperature: {
    letter: "T",
    read: (text) => (/^(inf|infinity|∞)$/i.test(text.trim()) ? "Infinity" : number(text)),
    write: (T) => (T === "Infinity" ? "inf" : String(T)),
    accepts: (value) =>
      value === "Infinity" || (typeof value === "number" && Number.isFinite(value) && isTemperature(value)),
    wanted: () => `T takes 0, inf or ${T_MIN} to ${T_MAX}`,
  },
};

// --- the temperature's slider holds log10 T in steps of 0.01; its ends mean exactly 0.05 and 20.
export const END = 1.3;
const clamp = (x) => Math.min(END, Math.max(-END, x));
export const toSlider = (T) => clamp(Math.log10(T));
export const fromSlider = (x) => (x <= -END ? T_MIN : x >= END ? T_MAX : Number((10 ** x).toPrecision(3)));
const along = (x) => (x + END) / (2 * END); // 0 to 1 on the shared axis

// Every temperature that the slider can show, and where a temperature lies on it, from 0 to 1.
export const temperatures = Array.from({ length: 261 }, (_, k) => fromSlider((k - 130) / 100));
export const place = (T) => along(toSlider(T));
