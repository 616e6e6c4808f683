// All tokens, likeliest first, and their logits; those that tie stand in the order of the vocabulary.
// Two passes of a radix sort: as whole numbers, the bits of 32-bit floats lie in the order of their values once the
// sign is turned.
const HALF = 16,
  LOW = 0xffff;

export function ranked(logits) {
  const keys = falling(logits),
    tokens = new Uint16Array(keys.length);
  for (let token = 0; token < tokens.length; token++) tokens[token] = token;
  const order = sorted(sorted(tokens, keys, 0), keys, HALF),
    values = new Float64Array(order.length);
  for (let rank = 0; rank < order.length; rank++) values[rank] = logits[order[rank]];
  return { order, falling: values };
}

// Whole numbers that rise where the logits fall.
function falling(logits) {
  const keys = new Uint32Array(Float32Array.from(logits).buffer);
  for (let token = 0; token < keys.length; token++) {
    const bits = keys[token];
    keys[token] = ~(bits >>> 31 ? ~bits : bits | 0x80000000);
  }
  return keys;
}

function sorted(tokens, keys, shift) {
  const places = new Uint32Array(LOW + 2),
    result = new Uint16Array(tokens.length);
  for (const token of tokens) places[((keys[token] >>> shift) & LOW) + 1]++;
  for (let i = 1; i < places.length; i++) places[i] += places[i - 1];
  for (const token of tokens) result[places[(keys[token] >>> shift) & LOW]++] = token;
  return result;
}
