#include "resample.h"

#include "turn.h"

#define ROUND_CELL (1u << (SPAN_ONE_BITS - 1))

void blend_rows(const uint8_t *plane, size_t stride, const struct span spans[BAND_ROWS], uint32_t columns,
                uint16_t *sideways) {
  for (uint32_t column = 0; column < columns; column += BLOCK_COLUMNS) {
    uint16_t block[BAND_ROWS * BLOCK_COLUMNS];
    for (uint32_t r = 0; r < BAND_ROWS; r++) {
      const uint8_t *top = plane + spans[r].first * stride + column;
      uint16_t *out = block + (size_t)r * BLOCK_COLUMNS;
      if (columns - column >= BLOCK_COLUMNS) {
        blend_whole_block(top, stride, &spans[r], out);
      } else {
        blend_block(top, stride, &spans[r], columns - column, out);
      }
    }
    uint16_t *target = sideways + (size_t)column * BAND_ROWS;
    for (size_t i = 0; i < BLOCK_COLUMNS; i += BAND_ROWS)
      turn(block + i, BLOCK_COLUMNS, target + i * BAND_ROWS, BAND_ROWS);
  }
}

#ifdef __wasm_simd128__
#include <wasm_simd128.h>

/* Unsigned 16 bits as signed ones, 2^15 less; `weights` of such samples then add up to 2^15 * weights too little. */
#define LESS_HALF(samples) wasm_v128_xor(samples, wasm_i16x8_splat((int16_t)0x8000))
#define HALF(weights) ((int32_t)((weights) << 15))

/* Four rows: pairs of (head, tail) and of (scaled sum, 1), all as signed samples. */
static inline v128_t mix_cell_4(v128_t ends, v128_t sums, const struct span *span, v128_t bias) {
  const v128_t outer = wasm_i32x4_dot_i16x8(ends, wasm_u32x4_splat(span->head | span->tail << 16));
  const v128_t inner = wasm_i32x4_dot_i16x8(sums, wasm_u32x4_splat(span->inner | ROUND_CELL << 16));
  return wasm_u32x4_shr(wasm_i32x4_add(wasm_i32x4_add(outer, inner), bias), SPAN_ONE_BITS);
}

/* One cell of all eight rows. */
static inline void blend_cell(const uint16_t *sideways, size_t step, const struct span *span, uint16_t *out) {
  const size_t pitch = step * BAND_ROWS;
  const uint16_t *sample = sideways + span->first * pitch;
  const v128_t head = LESS_HALF(wasm_v128_load(sample));
  const v128_t tail = LESS_HALF(wasm_v128_load(sideways + span->last * pitch));
  v128_t low = wasm_i32x4_splat(0); /* of at most 4096 samples of 65280 */
  v128_t high = low;
  for (uint32_t left = span->inner_count; left > 0; left--) {
    sample += pitch;
    const v128_t rows = wasm_v128_load(sample);
    low = wasm_i32x4_add(low, wasm_u32x4_extend_low_u16x8(rows));
    high = wasm_i32x4_add(high, wasm_u32x4_extend_high_u16x8(rows));
  }
  const v128_t scaled =
      LESS_HALF(wasm_u16x8_narrow_i32x4(wasm_u32x4_shr(low, span->shift), wasm_u32x4_shr(high, span->shift)));
  const v128_t one = wasm_i16x8_splat(1);
  const v128_t bias = wasm_i32x4_splat(HALF(span->head + span->tail + span->inner));
  wasm_v128_store(
      out, wasm_u16x8_narrow_i32x4(mix_cell_4(PAIRS_LOW_16(head, tail), PAIRS_LOW_16(scaled, one), span, bias),
                                   mix_cell_4(PAIRS_HIGH_16(head, tail), PAIRS_HIGH_16(scaled, one), span, bias)));
}
#else
/* One cell of all eight rows. */
static inline void blend_cell(const uint16_t *sideways, size_t step, const struct span *span, uint16_t *out) {
  const uint16_t *head = sideways + span->first * step * BAND_ROWS;
  const uint16_t *tail = sideways + span->last * step * BAND_ROWS;
  const uint16_t *sample = head;
  uint32_t total[BAND_ROWS] = {0}; /* of at most 4096 samples of 65280 */
  for (uint32_t left = span->inner_count; left > 0; left--) {
    sample += step * BAND_ROWS;
    for (uint32_t r = 0; r < BAND_ROWS; r++)
      total[r] += sample[r];
  }
  for (uint32_t r = 0; r < BAND_ROWS; r++) {
    const uint32_t inner = (total[r] >> span->shift) * span->inner;
    const uint32_t ends = head[r] * span->head + tail[r] * span->tail;
    out[r] = (uint16_t)((ends + inner + ROUND_CELL) >> SPAN_ONE_BITS);
  }
}
#endif

void blend_columns(const uint16_t *sideways, uint32_t step, const struct span *spans, uint32_t cells, uint16_t *lines,
                   size_t pitch) {
  for (uint32_t cell = 0; cell < cells; cell += BAND_ROWS) {
    uint16_t block[BAND_ROWS * BAND_ROWS];
    for (uint32_t i = 0; i < BAND_ROWS; i++) {
      const uint32_t at = cell + i < cells ? cell + i : cells - 1; /* cells past the end repeat the last */
      blend_cell(sideways, step, &spans[at], block + (size_t)i * BAND_ROWS);
    }
    turn(block, BAND_ROWS, lines + cell, pitch);
  }
}
