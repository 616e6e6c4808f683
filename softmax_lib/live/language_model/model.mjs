// The language model SmolLM2-135M-Instruct, a Llama: tokens in, the logits of the next one out.
// It mirrors book/experiments/language_model.py; the matrices stay in the file's blocks, which kernel.c multiplies.
import { head } from "./gguf.mjs";
import { tokenizer } from "./tokenizer.mjs";

const PAGE = 65536, // bytes by which a program's memory grows
  AT_ONCE = 8, // tokens read together, MOST in kernel.c
  SPARE = 64, // pages for what is computed on the way
  EIGHT_BITS = 8, // kinds of matrices in the file
  FOUR_BITS = 3,
  BLOCK = 32, // weights with one scale
  BLOCK_BYTES = 34; // of eight bits each

export const ROOM = 512; // tokens that a text may have

const aligned = (place) => Math.ceil(place / 64) * 64;

// `fill(bytes)` writes the file, of so many bytes, where the program works.
export async function load(size, fill, program) {
  const { instance } = await WebAssembly.instantiate(program);
  const { memory, __heap_base, q4_1, q8_0 } = instance.exports;
  memory.grow(Math.ceil(size / PAGE) + SPARE);
  const base = aligned(__heap_base.value),
    file = new Uint8Array(memory.buffer, base, size);
  await fill(file);

  const { settings, places } = head(file),
    set = (name) => settings[`llama.${name}`];
  const width = set("embedding_length"),
    wide = set("feed_forward_length"),
    heads = set("attention.head_count"),
    keyHeads = set("attention.head_count_kv"), // each serves heads / keyHeads of the heads
    part = set("rope.dimension_count"), // of a head
    tiny = set("attention.layer_norm_rms_epsilon");
  const half = part / 2,
    keyWidth = keyHeads * part;

  // --- what is computed, in the program's memory behind the file
  let free = aligned(base + size);
  const numbers = (count) => new Float32Array(memory.buffer, (free += 4 * count) - 4 * count, count);
  const vectors = (length) => numbers(length * AT_ONCE);
  const flow = vectors(width),
    input = vectors(width),
    query = vectors(width),
    key = vectors(keyWidth),
    value = vectors(keyWidth),
    mixed = vectors(width),
    added = vectors(width),
    gate = vectors(wide),
    up = vectors(wide),
    logits = numbers(places["token_embd.weight"].rows);

  // --- the weights
  const kernels = { [FOUR_BITS]: q4_1, [EIGHT_BITS]: q8_0 };
  const times = ({ kind, offset, rows, columns }, from, out, count) =>
    kernels[kind](out.byteOffset, base + offset, from.byteOffset, rows, columns, count);
  const vector = (name) => new Float32Array(memory.buffer, base + places[name].offset, places[name].columns);
  const layers = Array.from({ length: set("block_count") }, (_, n) => {
    const matrix = (name) => places[`blk.${n}.${name}.weight`];
    return {
      attentionNorm: vector(`blk.${n}.attn_norm.weight`),
      feedNorm: vector(`blk.${n}.ffn_norm.weight`),
      query: matrix("attn_q"),
      key: matrix("attn_k"),
      value: matrix("attn_v"),
      attentionOutput: matrix("attn_output"),
      gate: matrix("ffn_gate"),
      up: matrix("ffn_up"),
      down: matrix("ffn_down"),
    };
  });
  const norm = vector("output_norm.weight"),
    embedding = places["token_embd.weight"];

  // --- by position: the angles of the rotations
  const frequency = set("rope.freq_base");
  const angles = Array.from({ length: ROOM * half }, (_, i) => {
    const position = Math.floor(i / half);
    return position * frequency ** (-(i % half) / half);
  });
  const cosines = Float32Array.from(angles, Math.cos),
    sines = Float32Array.from(angles, Math.sin);

  function embed(token, v) {
    const bytes = (width / BLOCK) * BLOCK_BYTES,
      view = new DataView(memory.buffer, base + embedding.offset + token * bytes, bytes);
    for (let i = 0; i < width; i++) {
      const block = Math.floor(i / BLOCK) * BLOCK_BYTES;
      flow[v * width + i] = number(view.getUint16(block, true)) * view.getInt8(block + 2 + (i % BLOCK));
    }
  }

  // Each vector at root mean square 1, and then scaled.
  function normalise(from, scale, count) {
    for (let v = 0; v < count; v++) {
      let squares = 0;
      for (let i = 0; i < width; i++) squares += from[v * width + i] ** 2;
      const by = 1 / Math.sqrt(squares / width + tiny);
      for (let i = 0; i < width; i++) input[v * width + i] = from[v * width + i] * by * scale[i];
    }
  }

  // Rotary positions: neighbours are a complex number, turned by their position's angle.
  function rotate(array, length, v, position) {
    for (let i = 0; i < length / 2; i++) {
      const at = v * length + 2 * i,
        angle = position * half + (i % half),
        x = array[at],
        y = array[at + 1];
      array[at] = x * cosines[angle] - y * sines[angle];
      array[at + 1] = x * sines[angle] + y * cosines[angle];
    }
  }

  // A softmax again: each head takes the mean of the values, weighted by softmax(query · keys / √size).
  const matches = new Float32Array(ROOM);
  function attend({ keys, values }, v, position) {
    for (let head = 0; head < heads; head++) {
      const from = v * width + head * part,
        shared = Math.floor((head * keyHeads) / heads) * part;
      let largest = -Infinity,
        total = 0;
      for (let t = 0; t <= position; t++) {
        let match = 0;
        for (let i = 0, k = t * keyWidth + shared; i < part; i++) match += query[from + i] * keys[k + i];
        matches[t] = match / Math.sqrt(part);
        largest = Math.max(largest, matches[t]);
      }
      mixed.fill(0, from, from + part);
      for (let t = 0; t <= position; t++) {
        const weight = Math.exp(matches[t] - largest);
        total += weight;
        for (let i = 0, k = t * keyWidth + shared; i < part; i++) mixed[from + i] += weight * values[k + i];
      }
      for (let i = 0; i < part; i++) mixed[from + i] /= total;
    }
  }

  function attention(layer, memory, start, count) {
    normalise(flow, layer.attentionNorm, count);
    times(layer.query, input, query, count);
    times(layer.key, input, key, count);
    times(layer.value, input, value, count);
    for (let v = 0; v < count; v++) {
      rotate(query, width, v, start + v);
      rotate(key, keyWidth, v, start + v);
    }
    memory.keys.set(key.subarray(0, count * keyWidth), start * keyWidth);
    memory.values.set(value.subarray(0, count * keyWidth), start * keyWidth);
    for (let v = 0; v < count; v++) attend(memory, v, start + v); // no token sees a later one
    times(layer.attentionOutput, mixed, added, count);
    add(count);
  }

  function feedForward(layer, count) {
    normalise(flow, layer.feedNorm, count);
    times(layer.gate, input, gate, count);
    times(layer.up, input, up, count);
    for (let i = 0; i < count * wide; i++) gate[i] *= up[i] / (1 + Math.exp(-gate[i]));
    times(layer.down, gate, added, count);
    add(count);
  }

  function add(count) {
    for (let i = 0; i < count * width; i++) flow[i] += added[i];
  }

  function read(tokens, text) {
    tokens.forEach(embed);
    layers.forEach((layer, n) => {
      attention(layer, text.memories[n], text.tokens.length, tokens.length);
      feedForward(layer, tokens.length);
    });
    text.tokens.push(...tokens);
  }

  function scores(count) {
    normalise(flow.subarray((count - 1) * width), norm, 1);
    times(embedding, input, logits, 1);
    return logits;
  }

  const remembered = () => ({ keys: new Float32Array(ROOM * keyWidth), values: new Float32Array(ROOM * keyWidth) });
  return {
    ...tokenizer(settings),
    // A text that is read keeps its keys and values of each layer, which spares reading its beginning again.
    text: () => ({ tokens: [], memories: layers.map(remembered) }),
    // The logits of the token after these; `tell` is called now and then while they are read.
    after(tokens, text, tell = () => {}) {
      if (!tokens.length) throw new RangeError("The prompt is empty: type at least one letter.");
      if (tokens.length > ROOM)
        throw new RangeError(`The text has ${tokens.length} tokens, and at most ${ROOM} are read here: shorten it.`);
      let same = 0;
      while (same < tokens.length - 1 && tokens[same] === text.tokens[same]) same++;
      text.tokens.length = same;
      for (let i = same; i < tokens.length; i += AT_ONCE) {
        read(tokens.slice(i, i + AT_ONCE), text);
        tell();
      }
      return scores(((tokens.length - same - 1) % AT_ONCE) + 1);
    },
  };
}

// A number of 16 bits.
function number(bits) {
  const exponent = (bits >> 10) & 31,
    fraction = (bits & 1023) / 1024;
  return (bits >> 15 ? -1 : 1) * (exponent ? 2 ** (exponent - 15) * (1 + fraction) : 2 ** -14 * fraction);
}
