/* One axis of the resize: which samples an output cell takes, and with what weight. */
#ifndef LINEGATE_PREPROCESS_AXIS_H
#define LINEGATE_PREPROCESS_AXIS_H

#include <stdint.h>

#define SPAN_ONE_BITS 14u /* weights are fractions of 2^14, which SIMD takes as signed 16 bits */

/* length px of the frame from start on become `cells` outputs; a sample covers sample_px pixels (2 for chroma). */
struct axis {
  uint32_t start;
  uint32_t length;
  uint32_t cells;
  uint32_t sample_px;
};

/*
 * An output cell is head * sample[first] + inner * (sum of the inner_count samples after it) / 2^shift + tail *
 * sample[last]. Scaling the sum first keeps everything in 32 bits: scaled, it has no more bits than one sample. The
 * weights add up to 2^14: inner and tail are rounded down and head takes what is left.
 */
struct span {
  uint32_t first;
  uint32_t last; /* first + inner_count + 1, or first where tail is 0 */
  uint32_t inner_count;
  uint32_t shift; /* the smallest with 2^shift >= inner_count */
  uint32_t head;
  uint32_t inner;
  uint32_t tail;
};

/* The span of one cell, sample indices counted from the frame's edge. */
struct span axis_span(const struct axis *axis, uint32_t cell);

#endif
