#include "resample.h"

#define BLOCK 16u         /* columns summed at once, in registers */
#define ROWS_PER_SUM 257u /* as many rows of 255 as 16 bits hold */

/* Sums of the 24-bit weights times a byte or a sum of bytes never pass 255 * 2^24: they fit 32 bits with rounding. */
static inline void blend_block(const uint8_t *top, size_t stride, const struct span *rows, uint32_t width,
                               uint16_t *restrict out) {
  const uint8_t *tail = top + (rows->last - rows->first) * stride;
  uint32_t total[BLOCK];
  for (uint32_t i = 0; i < width; i++) {
    total[i] = top[i] * rows->head + tail[i] * rows->tail + (1u << 15);
  }
  const uint8_t *row = top + stride;
  for (uint32_t left = rows->inner_count; left > 0;) {
    const uint32_t batch = left < ROWS_PER_SUM ? left : ROWS_PER_SUM;
    uint16_t sum[BLOCK] = {0};
    for (uint32_t r = 0; r < batch; r++, row += stride) {
      for (uint32_t i = 0; i < width; i++) sum[i] = (uint16_t)(sum[i] + row[i]);
    }
    for (uint32_t i = 0; i < width; i++) total[i] += sum[i] * rows->inner;
    left -= batch;
  }
  for (uint32_t i = 0; i < width; i++) out[i] = (uint16_t)(total[i] >> 16);
}

void blend_rows(const uint8_t *plane, size_t stride, const struct span *rows, uint32_t columns, uint16_t *out) {
  const uint8_t *top = plane + rows->first * stride;
  uint32_t column = 0;
  for (; column + BLOCK <= columns; column += BLOCK) {
    blend_block(top + column, stride, rows, BLOCK, out + column);
  }
  if (column < columns) blend_block(top + column, stride, rows, columns - column, out + column);
}

static inline void blend_stepped(const uint16_t *row, uint32_t step, const struct span *spans, uint32_t cells,
                                 uint16_t *restrict out) {
  for (uint32_t i = 0; i < cells; i++) {
    const struct span span = spans[i];
    const uint16_t *sample = row + span.first * step;
    uint32_t sum = 0; /* at most 4096 samples of 65280 */
    for (uint32_t k = 1; k <= span.inner_count; k++) sum += sample[k * step];
    const uint64_t total = (uint64_t)sample[0] * span.head + (uint64_t)sum * span.inner +
                           (uint64_t)row[span.last * step] * span.tail + (1u << (SPAN_ONE_BITS - 1));
    out[i] = (uint16_t)(total >> SPAN_ONE_BITS);
  }
}

void blend_samples(const uint16_t *row, uint32_t step, const struct span *spans, uint32_t cells, uint16_t *out) {
  /* A step known to the compiler makes the inner loop several times faster. */
  if (step == 1) {
    blend_stepped(row, 1, spans, cells, out);
  } else if (step == 2) {
    blend_stepped(row, 2, spans, cells, out);
  } else if (step == 3) {
    blend_stepped(row, 3, spans, cells, out);
  } else {
    blend_stepped(row, 4, spans, cells, out);
  }
}
