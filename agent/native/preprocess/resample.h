/* The two passes of the resize: rows of the frame into one row, then samples of that row into cells. */
#ifndef LINEGATE_PREPROCESS_RESAMPLE_H
#define LINEGATE_PREPROCESS_RESAMPLE_H

#include "axis.h"

#include <stddef.h>
#include <stdint.h>

/*
 * out[i] = 256 times the weighted mean of the column i of the span's rows, 0..65280; plane points at column 0 of row 0.
 */
void blend_rows(const uint8_t *plane, size_t stride, const struct span *rows, uint32_t columns, uint16_t *out);

/*
 * out[i] = the weighted mean of row[offset + step * sample] over the samples of spans[i], for `cells` cells.
 * step is 1, 2, 3 or 4.
 */
void blend_samples(const uint16_t *row, uint32_t step, const struct span *spans, uint32_t cells, uint16_t *out);

#endif
