#include "axis.h"

#define ONE (1u << SPAN_ONE_BITS)

/* part / whole in units of 2^-(14 + shift), rounded down. */
static uint32_t fraction(uint32_t part, uint32_t whole, uint32_t shift) {
  return (uint32_t)(((uint64_t)part << (SPAN_ONE_BITS + shift)) / whole);
}

static uint32_t shift_for(uint32_t count) {
  uint32_t shift = 0;
  while ((1u << shift) < count)
    shift++;
  return shift;
}

/*
 * In units of 1/cells px the cell is [from, from + length) and sample j is [j * size, (j + 1) * size): all integers, at
 * most 4096 * 4096 * 2. Only for cells of at least one sample.
 */
static struct span area_span(const struct axis *axis, uint32_t cell) {
  const uint32_t size = axis->sample_px * axis->cells;
  const uint32_t from = axis->start * axis->cells + cell * axis->length;
  const uint32_t to = from + axis->length;
  const uint32_t past = to / size; /* the first sample not covered whole */
  struct span span = {.first = from / size, .last = from / size};
  if (past > span.first) {
    span.inner_count = past - span.first - 1;
    span.shift = shift_for(span.inner_count);
    span.inner = fraction(size, axis->length, span.shift);
    span.tail = fraction(to - past * size, axis->length, 0);
  }
  if (span.tail > 0) span.last = past;
  span.head = ONE - ((span.inner * span.inner_count) >> span.shift) - span.tail;
  return span;
}

/* The cell's centre between the centres of two samples, in units of 1 / (2 * cells * sample_px) of a sample. */
static struct span linear_span(const struct axis *axis, uint32_t cell) {
  const uint32_t unit = 2 * axis->cells * axis->sample_px;
  const uint32_t low = axis->start / axis->sample_px;
  const uint32_t high = (axis->start + axis->length - 1) / axis->sample_px;
  const uint32_t centre = (2 * cell + 1) * axis->length + 2 * axis->start * axis->cells;
  struct span span = {.first = low, .last = low, .head = ONE};
  if (centre < low * unit + unit / 2) return span;
  const uint32_t position = centre - unit / 2;
  span.first = position / unit;
  if (span.first >= high) {
    span.first = high;
    span.last = high;
    return span;
  }
  span.tail = fraction(position - span.first * unit, unit, 0);
  span.head = ONE - span.tail;
  span.last = span.first + 1;
  return span;
}

struct span axis_span(const struct axis *axis, uint32_t cell) {
  const int shrinks = axis->length >= axis->cells * axis->sample_px;
  return shrinks ? area_span(axis, cell) : linear_span(axis, cell);
}
