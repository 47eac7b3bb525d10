/* Lines of resized samples, 256 times their value, to bytes of the tensor. */
#ifndef LINEGATE_PREPROCESS_COLOUR_H
#define LINEGATE_PREPROCESS_COLOUR_H

#include <stdint.h>

/* Three lines, R G B or Y U V; where the source has one, only the first is read. Interleaved rgb or single grey out. */
typedef void colour_line(const uint16_t *const lines[3], uint32_t count, uint8_t *out);

colour_line rgb_to_rgb, rgb_to_grey, grey_to_rgb, grey_to_grey, yuv_to_rgb, yuv_to_grey;

#endif
