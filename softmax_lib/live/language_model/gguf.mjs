// The head of a GGUF file: the model's settings, and where its matrices lie.
const NUMBERS = {
  0: ["Uint8", 1],
  1: ["Int8", 1],
  2: ["Uint16", 2],
  3: ["Int16", 2],
  4: ["Uint32", 4],
  5: ["Int32", 4],
  6: ["Float32", 4],
  7: ["Uint8", 1], // yes or no
  10: ["BigUint64", 8],
  11: ["BigInt64", 8],
  12: ["Float64", 8],
};
const WHOLE = 4,
  TEXT = 8,
  LIST = 9,
  COUNT = 10; // kinds of values
const ALIGNED = 32;

export function head(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    words = new TextDecoder();
  let at = 0;
  const taken = (size) => bytes.subarray(at, (at += size));
  const number = (kind) => {
    const [name, size] = NUMBERS[kind];
    return Number(view[`get${name}`]((at += size) - size, true));
  };
  const count = () => number(COUNT);
  const text = () => words.decode(taken(count()));
  const list = (kind, length) => Array.from({ length }, () => value(kind));
  const value = (kind) => (kind === TEXT ? text() : kind === LIST ? list(number(WHOLE), count()) : number(kind));

  if (words.decode(taken(4)) !== "GGUF" || number(WHOLE) !== 3)
    throw new Error("The model's file is none of GGUF, version 3.");
  const matrices = count(),
    entries = count();
  const settings = Object.fromEntries(Array.from({ length: entries }, () => [text(), value(number(WHOLE))]));
  const places = Object.fromEntries(
    Array.from({ length: matrices }, () => {
      const name = text(),
        [columns, rows = 1] = list(COUNT, number(WHOLE));
      return [name, { columns, rows, kind: number(WHOLE), offset: count() }];
    }),
  );
  const start = Math.ceil(at / ALIGNED) * ALIGNED;
  for (const place of Object.values(places)) place.offset += start;
  return { settings, places };
}
