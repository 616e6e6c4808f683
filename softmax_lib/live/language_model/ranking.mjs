// All tokens, likeliest first, and their logits; those that tie stand in the order of the vocabulary.
// Two passes of a radix sort: as whole numbers, the bits of 32-bit floats lie in the order of their values once the
// sign is turned.
const HALF = 16,
  LOW = 0xffff;

export function ranked(logits) {
  const bits = new Uint32Array(Float32Array.from(logits).buffer);
  const falling = bits.map((each) => ~(each >> 31 ? ~each : each | 0x80000000));
  const byLow = sorted(
      Uint32Array.from(bits, (_, token) => token),
      (token) => falling[token] & LOW,
    ),
    order = sorted(byLow, (token) => falling[token] >>> HALF);
  return { order: Uint16Array.from(order), falling: Float64Array.from(order, (token) => logits[token]) };
}

function sorted(tokens, digit) {
  const places = new Uint32Array(LOW + 2),
    result = new Uint32Array(tokens.length);
  for (const token of tokens) places[digit(token) + 1]++;
  for (let i = 1; i < places.length; i++) places[i] += places[i - 1];
  for (const token of tokens) result[places[digit(token)]++] = token;
  return result;
}
