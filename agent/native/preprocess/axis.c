#include "axis.h"

#define ONE (1u << SPAN_ONE_BITS)

static uint32_t fraction(uint32_t part, uint32_t whole) {
  return (uint32_t)(((uint64_t)part << SPAN_ONE_BITS) / whole);
}

/*
 * In units of 1/cells px the cell is [from, from + length) and sample j is [j * size, (j + 1) * size): all integers, at
 * most 4096 * 4096 * 2. Only here for cells of at least one sample.
 */
static struct span area_span(const struct axis *axis, uint32_t cell) {
  const uint32_t size = axis->sample_px * axis->cells;
  const uint32_t from = axis->start * axis->cells + cell * axis->length;
  const uint32_t to = from + axis->length;
  struct span span = {.first = from / size, .inner = fraction(size, axis->length)};
  const uint32_t past = to / size; /* the first sample not covered whole */
  const uint32_t over = to - past * size;
  span.inner_count = past > span.first ? past - span.first - 1 : 0;
  span.tail = past > span.first ? fraction(over, axis->length) : 0;
  span.last = span.tail > 0 ? past : span.first;
  span.head = ONE - span.inner_count * span.inner - span.tail;
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
  span.tail = fraction(position - span.first * unit, unit);
  span.head = ONE - span.tail;
  span.last = span.first + 1;
  return span;
}

struct span axis_span(const struct axis *axis, uint32_t cell) {
  const int shrinks = axis->length >= axis->cells * axis->sample_px;
  return shrinks ? area_span(axis, cell) : linear_span(axis, cell);
}
