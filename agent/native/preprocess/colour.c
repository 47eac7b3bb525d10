#include "colour.h"

#include <stddef.h>

/* BT.601, limited range, in 2^-13: with 16-bit samples the sums of three products stay inside 31 bits. */
#define YUV_BITS 13
#define Y_GAIN 9539     /* 255 / 219 */
#define V_TO_RED 13075  /* 2 * 0.701 * 255 / 224 */
#define U_TO_GREEN 3209 /* 2 * 0.886 * 0.114 / 0.587 * 255 / 224 */
#define V_TO_GREEN 6660 /* 2 * 0.701 * 0.299 / 0.587 * 255 / 224 */
#define U_TO_BLUE 16525 /* 2 * 0.886 * 255 / 224 */

static inline uint8_t byte_of(uint16_t sample) { return (uint8_t)((sample + 128u) >> 8); }

static inline uint8_t clamp(int32_t value) {
  const int32_t shifted = (value + (1 << (YUV_BITS + 7))) >> (YUV_BITS + 8);
  return (uint8_t)(shifted < 0 ? 0 : shifted > 255 ? 255 : shifted);
}

void rgb_to_rgb(const uint16_t *const lines[3], uint32_t count, uint8_t *restrict out) {
  for (size_t i = 0; i < count; i++) {
    out[3 * i] = byte_of(lines[0][i]);
    out[3 * i + 1] = byte_of(lines[1][i]);
    out[3 * i + 2] = byte_of(lines[2][i]);
  }
}

/* 0.299, 0.587 and 0.114 in 2^-16, adding up to exactly one, so that a grey stays what it is. */
void rgb_to_grey(const uint16_t *const lines[3], uint32_t count, uint8_t *restrict out) {
  for (size_t i = 0; i < count; i++) {
    const uint32_t luma = lines[0][i] * 19595u + lines[1][i] * 38470u + lines[2][i] * 7471u;
    out[i] = (uint8_t)((luma + (1u << 23)) >> 24);
  }
}

void grey_to_rgb(const uint16_t *const lines[3], uint32_t count, uint8_t *restrict out) {
  for (size_t i = 0; i < count; i++) {
    const uint8_t grey = byte_of(lines[0][i]);
    out[3 * i] = grey;
    out[3 * i + 1] = grey;
    out[3 * i + 2] = grey;
  }
}

void grey_to_grey(const uint16_t *const lines[3], uint32_t count, uint8_t *restrict out) {
  for (size_t i = 0; i < count; i++)
    out[i] = byte_of(lines[0][i]);
}

void yuv_to_rgb(const uint16_t *const lines[3], uint32_t count, uint8_t *restrict out) {
  for (size_t i = 0; i < count; i++) {
    const int32_t y = ((int32_t)lines[0][i] - 16 * 256) * Y_GAIN;
    const int32_t u = (int32_t)lines[1][i] - 128 * 256;
    const int32_t v = (int32_t)lines[2][i] - 128 * 256;
    out[3 * i] = clamp(y + v * V_TO_RED);
    out[3 * i + 1] = clamp(y - u * U_TO_GREEN - v * V_TO_GREEN);
    out[3 * i + 2] = clamp(y + u * U_TO_BLUE);
  }
}

void yuv_to_grey(const uint16_t *const lines[3], uint32_t count, uint8_t *restrict out) {
  for (size_t i = 0; i < count; i++)
    out[i] = clamp(((int32_t)lines[0][i] - 16 * 256) * Y_GAIN);
}
