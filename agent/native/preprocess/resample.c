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
    turn(block, BLOCK_COLUMNS, target, BAND_ROWS);
    turn(block + BAND_ROWS, BLOCK_COLUMNS, target + (size_t)BAND_ROWS * BAND_ROWS, BAND_ROWS);
  }
}

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
