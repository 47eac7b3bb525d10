/* Eight rows of eight samples become eight columns. */
#ifndef LINEGATE_PREPROCESS_TURN_H
#define LINEGATE_PREPROCESS_TURN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __wasm_simd128__
#include <wasm_simd128.h>

#define INTERLEAVE_LOW(a, b) wasm_i16x8_shuffle(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define INTERLEAVE_HIGH(a, b) wasm_i16x8_shuffle(a, b, 4, 12, 5, 13, 6, 14, 7, 15)

/* out[c * out_pitch + r] = in[r * in_pitch + c]: three rounds of interleaving rows that lie four apart. */
static inline void turn(const uint16_t *in, size_t in_pitch, uint16_t *out, size_t out_pitch) {
  v128_t rows[8];
  for (size_t r = 0; r < 8; r++)
    rows[r] = wasm_v128_load(in + r * in_pitch);
  for (int round = 0; round < 3; round++) {
    v128_t next[8];
    for (size_t r = 0; r < 4; r++) {
      next[2 * r] = INTERLEAVE_LOW(rows[r], rows[r + 4]);
      next[2 * r + 1] = INTERLEAVE_HIGH(rows[r], rows[r + 4]);
    }
    for (size_t r = 0; r < 8; r++)
      rows[r] = next[r];
  }
  for (size_t c = 0; c < 8; c++)
    wasm_v128_store(out + c * out_pitch, rows[c]);
}

#else

/* out[c * out_pitch + r] = in[r * in_pitch + c] */
static inline void turn(const uint16_t *in, size_t in_pitch, uint16_t *out, size_t out_pitch) {
  for (size_t r = 0; r < 8; r++) {
    for (size_t c = 0; c < 8; c++)
      out[c * out_pitch + r] = in[r * in_pitch + c];
  }
}

#endif

#endif
