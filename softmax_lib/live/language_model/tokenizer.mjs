// Text to tokens and back: byte-pair encoding, every digit a token of its own, and signs never split.
const SPACE = "\\p{White_Space}";
const PIECE = new RegExp(
  `'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^${SPACE}\\p{L}\\p{N}]+|${SPACE}+(?!\\P{White_Space})|${SPACE}+`,
  "gu",
);
const TEXT = 1; // how the file marks a token that is text

// Bytes are written as letters: printable ones as themselves, the others from 256 on.
const isPrintable = (byte) => (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
let others = 256;
const LETTERS = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrintable(byte) ? byte : others++));
const BYTES = new Map(LETTERS.map((letter, byte) => [letter, byte]));

const plain = (sign) => sign.replace(/[|\\{}()[\]^$+*?.]/g, "\\$&");

export function tokenizer(settings) {
  const tokens = settings["tokenizer.ggml.tokens"],
    types = settings["tokenizer.ggml.token_type"];
  const numbers = new Map(tokens.map((token, number) => [token, number]));
  const ranks = new Map(settings["tokenizer.ggml.merges"].map((pair, rank) => [pair, rank]));
  const isSign = (number) => types[number] !== TEXT;
  const signs = new Set(tokens.filter((_, number) => isSign(number)));
  const longestFirst = [...signs].sort((a, b) => b.length - a.length);
  const split = new RegExp(`(${longestFirst.map(plain).join("|")}|\\p{N})`, "u");
  const utf8 = new TextEncoder();

  function merged(piece) {
    const parts = Array.from(utf8.encode(piece), (byte) => LETTERS[byte]);
    for (;;) {
      let best = Infinity,
        where = -1;
      for (let i = 0; i + 1 < parts.length; i++) {
        const rank = ranks.get(`${parts[i]} ${parts[i + 1]}`) ?? Infinity;
        if (rank < best) [best, where] = [rank, i];
      }
      if (where < 0) return parts;
      parts.splice(where, 2, parts[where] + parts[where + 1]);
    }
  }

  const bytes = (number) =>
    isSign(number) ? utf8.encode(tokens[number]) : Uint8Array.from(tokens[number], (letter) => BYTES.get(letter));
  return {
    size: tokens.length,
    isSign,
    encode: (text) =>
      text
        .split(split)
        .flatMap((part) => (signs.has(part) ? [part] : (part.match(PIECE) ?? []).flatMap(merged)))
        .map((token) => numbers.get(token)),
    name: (number) => new TextDecoder().decode(bytes(number)), // a part of a letter is �
    // The text of each of these, one after the other: a letter of several tokens is the last one's.
    texts(numbers) {
      const words = new TextDecoder();
      return numbers.map((number) => words.decode(bytes(number), { stream: true }));
    },
  };
}
