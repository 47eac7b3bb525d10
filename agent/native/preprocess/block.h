/* The inner work of blend_rows: a few neighbouring columns of one output row. */
#ifndef LINEGATE_PREPROCESS_BLOCK_H
#define LINEGATE_PREPROCESS_BLOCK_H

#include "axis.h"

#include <stddef.h>
#include <stdint.h>

#define BLOCK_COLUMNS 32u
#define ROWS_PER_SUM 257u /* as many rows of 255 as 16 bits hold */

/* Sums are scaled to 2^7 times their mean, 15 bits, and the result to 2^8 times, which leaves so much to shift away. */
#define SCALE_BITS 7u
#define DROP_BITS (SPAN_ONE_BITS + SCALE_BITS - 8)
#define ROUNDING (1u << (DROP_BITS - 1))

/* At most BLOCK_COLUMNS columns, top pointing into the span's first row; the rest of the block becomes 0. */
static inline void blend_block(const uint8_t *top, size_t stride, const struct span *span, uint32_t width,
                               uint16_t *out) {
  const uint8_t *tail = top + (span->last - span->first) * stride;
  const uint8_t *row = top;
  uint32_t total[BLOCK_COLUMNS] = {0};
  for (uint32_t left = span->inner_count; left > 0;) {
    const uint32_t batch = left < ROWS_PER_SUM ? left : ROWS_PER_SUM;
    uint16_t sum[BLOCK_COLUMNS] = {0};
    for (uint32_t r = 0; r < batch; r++) {
      row += stride;
      for (uint32_t i = 0; i < width; i++)
        sum[i] = (uint16_t)(sum[i] + row[i]);
    }
    for (uint32_t i = 0; i < width; i++)
      total[i] += sum[i];
    left -= batch;
  }
  for (uint32_t i = 0; i < width; i++) {
    const uint32_t inner = ((total[i] << SCALE_BITS) >> span->shift) * span->inner;
    const uint32_t ends = (top[i] * span->head + tail[i] * span->tail) << SCALE_BITS;
    out[i] = (uint16_t)((ends + inner + ROUNDING) >> DROP_BITS);
  }
  for (uint32_t i = width; i < BLOCK_COLUMNS; i++)
    out[i] = 0;
}

#ifdef __wasm_simd128__
#include <wasm_simd128.h>

#define PAIRS_LOW_16(a, b) wasm_i16x8_shuffle(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define PAIRS_HIGH_16(a, b) wasm_i16x8_shuffle(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
#define PAIRS_LOW_8(a, b) wasm_i8x16_shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define PAIRS_HIGH_8(a, b) wasm_i8x16_shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)

/* The weights of a span as vectors, for a whole block. */
struct weights {
  v128_t inner; /* of (scaled sum, 1): the rounding comes along */
  v128_t ends;  /* of (head, tail) */
  uint32_t scale_bits;
};

static inline struct weights weights_of(const struct span *span) {
  return (struct weights){wasm_u32x4_splat(span->inner | ROUNDING << 16),
                          wasm_u32x4_splat(span->head | span->tail << 16), SCALE_BITS - span->shift};
}

/* The last step of blend_block for four columns, given pairs of (scaled sum, 1) and of (top, tail). */
static inline v128_t mix_4(v128_t sums, v128_t ends, const struct weights *weights) {
  const v128_t inner = wasm_i32x4_dot_i16x8(sums, weights->inner);
  const v128_t outer = wasm_i32x4_dot_i16x8(ends, weights->ends);
  return wasm_u32x4_shr(wasm_i32x4_add(wasm_i32x4_shl(outer, SCALE_BITS), inner), DROP_BITS);
}

/* The same for eight, each in 16 bits, from their sums and from the pairs of their ends in bytes. */
static inline v128_t mix_8(v128_t sums, v128_t ends, const struct weights *weights) {
  const v128_t scaled = wasm_i16x8_shl(sums, weights->scale_bits);
  const v128_t one = wasm_i16x8_splat(1);
  const v128_t low = mix_4(PAIRS_LOW_16(scaled, one), wasm_u16x8_extend_low_u8x16(ends), weights);
  const v128_t high = mix_4(PAIRS_HIGH_16(scaled, one), wasm_u16x8_extend_high_u8x16(ends), weights);
  return wasm_u16x8_narrow_i32x4(low, high);
}

/* Sixteen columns. */
static inline void blend_16(const uint8_t *top, size_t stride, const struct span *span, const struct weights *weights,
                            uint16_t *out) {
  const v128_t head = wasm_v128_load(top);
  const v128_t tail = wasm_v128_load(top + (span->last - span->first) * stride);
  v128_t low = wasm_u16x8_splat(0);
  v128_t high = wasm_u16x8_splat(0);
  const uint8_t *row = top;
  for (uint32_t left = span->inner_count; left > 0; left--) {
    row += stride;
    const v128_t bytes = wasm_v128_load(row);
    low = wasm_i16x8_add(low, wasm_u16x8_extend_low_u8x16(bytes));
    high = wasm_i16x8_add(high, wasm_u16x8_extend_high_u8x16(bytes));
  }
  wasm_v128_store(out, mix_8(low, PAIRS_LOW_8(head, tail), weights));
  wasm_v128_store(out + 8, mix_8(high, PAIRS_HIGH_8(head, tail), weights));
}

/*
 * blend_block of all columns by hand, three times as fast as the compiler's, for spans of up to 2^7 inner rows: their
 * sums fit 16 bits and scaling them loses none.
 */
static inline void blend_block_simd(const uint8_t *top, size_t stride, const struct span *span, uint16_t *out) {
  const struct weights weights = weights_of(span);
  for (size_t column = 0; column < BLOCK_COLUMNS; column += 16)
    blend_16(top + column, stride, span, &weights, out + column);
}
#endif

/* blend_block of all columns. */
static inline void blend_whole_block(const uint8_t *top, size_t stride, const struct span *span, uint16_t *out) {
#ifdef __wasm_simd128__
  if (span->shift <= SCALE_BITS) {
    blend_block_simd(top, stride, span, out);
    return;
  }
#endif
  blend_block(top, stride, span, BLOCK_COLUMNS, out);
}

#endif
