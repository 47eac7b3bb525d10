/*
 * The two passes of the resize. Both work on bands of eight output rows, and hand over samples of 16 bits, 256 times
 * their value. Between the passes a band lies on its side, its eight rows next to each other for each column, so that
 * one vector instruction serves eight rows whatever the number of columns that a cell covers.
 */
#ifndef LINEGATE_PREPROCESS_RESAMPLE_H
#define LINEGATE_PREPROCESS_RESAMPLE_H

#include "axis.h"
#include "block.h"

#include <stddef.h>
#include <stdint.h>

#define BAND_ROWS 8u

/*
 * Rows of the frame into a band: sideways[BAND_ROWS * column + r] is the mean over the rows of spans[r]. plane points
 * at column 0 of row 0. sideways has room for the columns rounded up to BLOCK_COLUMNS.
 */
void blend_rows(const uint8_t *plane, size_t stride, const struct span spans[BAND_ROWS], uint32_t columns,
                uint16_t *sideways);

/*
 * Columns of a band into cells: lines[r * pitch + i] is the mean of the columns of spans[i] in row r, a span's sample s
 * being column s * step. lines has room for the cells rounded up to BAND_ROWS, the pitch at least.
 */
void blend_columns(const uint16_t *sideways, uint32_t step, const struct span *spans, uint32_t cells, uint16_t *lines,
                   size_t pitch);

#endif
