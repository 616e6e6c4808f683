// A matrix times vectors, straight from the blocks of the model's file: 32 weights of 4 or 8 bits, and their scale.
// Sums are of 32-bit numbers, as in the book's NumPy model. kernel.wasm is made of this by tools/wasm_kernel.py.
#include <wasm_simd128.h>

enum { BLOCK = 32, LONGEST = 1536, MOST = 8 }; // numbers in a block, and in a vector; vectors at once

typedef struct {
  unsigned short scale, least; // of 16 bits
  unsigned char weights[BLOCK / 2];
} Q4_1; // a weight is scale · (0 to 15) + least: first the lower halves of the bytes, then the upper

typedef struct {
  unsigned short scale;
  signed char weights[BLOCK];
} Q8_0; // a weight is scale · (−127 to 127)

#define INLINE static inline __attribute__((always_inline))
#define EXPORT(name) __attribute__((export_name(name)))

INLINE float number(unsigned half) { // of a number of 16 bits: its exponent is moved by a multiplication
  union {
    unsigned bits;
    float value;
  } it = {(half & 0x7fff) << 13};
  it.value *= 0x1p112f;
  it.bits |= (half & 0x8000) << 16;
  return it.value;
}

INLINE float total(v128_t x) {
  return (wasm_f32x4_extract_lane(x, 0) + wasm_f32x4_extract_lane(x, 1)) +
         (wasm_f32x4_extract_lane(x, 2) + wasm_f32x4_extract_lane(x, 3));
}

INLINE void eight(v128_t *w, v128_t x) { // numbers of eight whole ones
  w[0] = wasm_f32x4_convert_i32x4(wasm_i32x4_extend_low_i16x8(x));
  w[1] = wasm_f32x4_convert_i32x4(wasm_i32x4_extend_high_i16x8(x));
}

INLINE void unpack4(v128_t *w, const Q4_1 *block) {
  v128_t both = wasm_v128_load(block->weights);
  v128_t low = wasm_v128_and(both, wasm_u8x16_const_splat(15)), high = wasm_u8x16_shr(both, 4);
  eight(w, wasm_u16x8_extend_low_u8x16(low));
  eight(w + 2, wasm_u16x8_extend_high_u8x16(low));
  eight(w + 4, wasm_u16x8_extend_low_u8x16(high));
  eight(w + 6, wasm_u16x8_extend_high_u8x16(high));
}

INLINE void unpack8(v128_t *w, const Q8_0 *block) {
  for (int i = 0; i < 4; i++) eight(w + 2 * i, wasm_i16x8_load8x8(block->weights + 8 * i));
}

INLINE v128_t product(const v128_t *w, const v128_t *x) { // of a block and as much of a vector, in four sums
  v128_t even = wasm_f32x4_mul(w[0], x[0]), odd = wasm_f32x4_mul(w[1], x[1]);
  for (int i = 2; i < 8; i += 2) {
    even = wasm_f32x4_add(even, wasm_f32x4_mul(w[i], x[i]));
    odd = wasm_f32x4_add(odd, wasm_f32x4_mul(w[i + 1], x[i + 1]));
  }
  return wasm_f32x4_add(even, odd);
}

static float block_sums[MOST][LONGEST / BLOCK]; // of the vectors: what `least` is multiplied by

INLINE void sum_blocks(const float *vectors, int blocks, int count) {
  for (int v = 0; v < count; v++)
    for (int k = 0; k < blocks; k++) {
      const v128_t *x = (const v128_t *)(vectors + (v * blocks + k) * BLOCK);
      v128_t sum = x[0];
      for (int i = 1; i < 8; i++) sum = wasm_f32x4_add(sum, x[i]);
      block_sums[v][k] = total(sum);
    }
}

INLINE void row(float *out, const void *matrix, const float *vectors, int four, int blocks, int rows, int count) {
  v128_t sums[MOST], w[8];
  float rest[MOST];
  for (int v = 0; v < count; v++) sums[v] = wasm_f32x4_const_splat(0), rest[v] = 0;
  for (int k = 0; k < blocks; k++) {
    float scale, least = 0;
    if (four) {
      const Q4_1 *block = (const Q4_1 *)matrix + k;
      unpack4(w, block);
      scale = number(block->scale), least = number(block->least);
    } else {
      const Q8_0 *block = (const Q8_0 *)matrix + k;
      unpack8(w, block);
      scale = number(block->scale);
    }
    for (int v = 0; v < count; v++) {
      v128_t part = product(w, (const v128_t *)(vectors + (v * blocks + k) * BLOCK));
      sums[v] = wasm_f32x4_add(sums[v], wasm_f32x4_mul(wasm_f32x4_splat(scale), part));
      if (four) rest[v] += least * block_sums[v][k];
    }
  }
  for (int v = 0; v < count; v++) out[v * rows] = total(sums[v]) + rest[v];
}

INLINE void times(float *out, const char *matrix, const float *vectors, int four, int rows, int columns, int count) {
  int blocks = columns / BLOCK, bytes = blocks * (four ? sizeof(Q4_1) : sizeof(Q8_0));
  if (four) sum_blocks(vectors, blocks, count);
  for (int r = 0; r < rows; r++, matrix += bytes)
    if (count == 1) row(out + r, matrix, vectors, four, blocks, rows, 1); // each its own code, with a fixed count
    else if (count == MOST) row(out + r, matrix, vectors, four, blocks, rows, MOST);
    else row(out + r, matrix, vectors, four, blocks, rows, count);
}

EXPORT("q4_1") void q4_1(float *out, const char *matrix, const float *vectors, int rows, int columns, int count) {
  times(out, matrix, vectors, 1, rows, columns, count);
}

EXPORT("q8_0") void q8_0(float *out, const char *matrix, const float *vectors, int rows, int columns, int count) {
  times(out, matrix, vectors, 0, rows, columns, count);
}
