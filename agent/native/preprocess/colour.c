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

/* One pixel after the other, from `start` on. */
static void yuv_to_rgb_from(size_t start, const uint16_t *const lines[3], uint32_t count, uint8_t *restrict out) {
  for (size_t i = start; i < count; i++) {
    const int32_t y = ((int32_t)lines[0][i] - 16 * 256) * Y_GAIN;
    const int32_t u = (int32_t)lines[1][i] - 128 * 256;
    const int32_t v = (int32_t)lines[2][i] - 128 * 256;
    out[3 * i] = clamp(y + v * V_TO_RED);
    out[3 * i + 1] = clamp(y - u * U_TO_GREEN - v * V_TO_GREEN);
    out[3 * i + 2] = clamp(y + u * U_TO_BLUE);
  }
}

#ifdef __wasm_simd128__
#include <wasm_simd128.h>

#define BLOCK_PIXELS 16u

/* sample * gain of four unsigned samples, modulo 2^32. */
#define LOW_TIMES(samples, gain) wasm_u32x4_extmul_low_u16x8(samples, wasm_u16x8_splat(gain))
#define HIGH_TIMES(samples, gain) wasm_u32x4_extmul_high_u16x8(samples, wasm_u16x8_splat(gain))

/* What the zero points of the samples and the rounding add to a sum, once for all; sums are modulo 2^32 till they are
 * whole. */
#define BIAS(y_gain, u_gain, v_gain)                                                                                   \
  (int32_t)((1 << (YUV_BITS + 7)) - 16 * 256 * (y_gain) - 128 * 256 * ((u_gain) + (v_gain)))

/* Eight sums in 32 bits to eight in 16; what is beyond a byte stays beyond it. */
static inline v128_t shift_8(v128_t low, v128_t high) {
  return wasm_i16x8_narrow_i32x4(wasm_i32x4_shr(low, YUV_BITS + 8), wasm_i32x4_shr(high, YUV_BITS + 8));
}

struct pixels_8 {
  v128_t red, green, blue; /* 16 bits each, not yet clamped */
};

static inline struct pixels_8 yuv_to_rgb_8(v128_t y, v128_t u, v128_t v) {
  const v128_t low = LOW_TIMES(y, Y_GAIN);
  const v128_t high = HIGH_TIMES(y, Y_GAIN);
  const v128_t red = wasm_i32x4_splat(BIAS(Y_GAIN, 0, V_TO_RED));
  const v128_t green = wasm_i32x4_splat(BIAS(Y_GAIN, -U_TO_GREEN, -V_TO_GREEN));
  const v128_t blue = wasm_i32x4_splat(BIAS(Y_GAIN, U_TO_BLUE, 0));
  const v128_t low_green = wasm_i32x4_add(LOW_TIMES(u, U_TO_GREEN), LOW_TIMES(v, V_TO_GREEN));
  const v128_t high_green = wasm_i32x4_add(HIGH_TIMES(u, U_TO_GREEN), HIGH_TIMES(v, V_TO_GREEN));
  return (struct pixels_8){
      shift_8(wasm_i32x4_add(wasm_i32x4_add(low, red), LOW_TIMES(v, V_TO_RED)),
              wasm_i32x4_add(wasm_i32x4_add(high, red), HIGH_TIMES(v, V_TO_RED))),
      shift_8(wasm_i32x4_sub(wasm_i32x4_add(low, green), low_green),
              wasm_i32x4_sub(wasm_i32x4_add(high, green), high_green)),
      shift_8(wasm_i32x4_add(wasm_i32x4_add(low, blue), LOW_TIMES(u, U_TO_BLUE)),
              wasm_i32x4_add(wasm_i32x4_add(high, blue), HIGH_TIMES(u, U_TO_BLUE))),
  };
}

/* Sixteen of each colour to 48 bytes r g b r g b ... */
static inline void interleave_16(v128_t r, v128_t g, v128_t b, uint8_t *out) {
  const v128_t first = wasm_i8x16_shuffle(r, g, 0, 16, 0, 1, 17, 0, 2, 18, 0, 3, 19, 0, 4, 20, 0, 5);
  const v128_t second = wasm_i8x16_shuffle(r, g, 21, 0, 6, 22, 0, 7, 23, 0, 8, 24, 0, 9, 25, 0, 10, 26);
  const v128_t third = wasm_i8x16_shuffle(r, g, 0, 11, 27, 0, 12, 28, 0, 13, 29, 0, 14, 30, 0, 15, 31, 0);
  wasm_v128_store(out, wasm_i8x16_shuffle(first, b, 0, 1, 16, 3, 4, 17, 6, 7, 18, 9, 10, 19, 12, 13, 20, 15));
  wasm_v128_store(out + 16, wasm_i8x16_shuffle(second, b, 0, 21, 2, 3, 22, 5, 6, 23, 8, 9, 24, 11, 12, 25, 14, 15));
  wasm_v128_store(out + 32, wasm_i8x16_shuffle(third, b, 26, 1, 2, 27, 4, 5, 28, 7, 8, 29, 10, 11, 30, 13, 14, 31));
}

/* Whole blocks of sixteen pixels; the number done. */
static size_t yuv_to_rgb_blocks(const uint16_t *const lines[3], uint32_t count, uint8_t *out) {
  size_t i = 0;
  for (; i + BLOCK_PIXELS <= count; i += BLOCK_PIXELS) {
    struct pixels_8 half[2];
    for (size_t h = 0; h < 2; h++) {
      const size_t at = i + 8 * h;
      half[h] =
          yuv_to_rgb_8(wasm_v128_load(lines[0] + at), wasm_v128_load(lines[1] + at), wasm_v128_load(lines[2] + at));
    }
    interleave_16(wasm_u8x16_narrow_i16x8(half[0].red, half[1].red),
                  wasm_u8x16_narrow_i16x8(half[0].green, half[1].green),
                  wasm_u8x16_narrow_i16x8(half[0].blue, half[1].blue), out + 3 * i);
  }
  return i;
}
#else
static size_t yuv_to_rgb_blocks(const uint16_t *const lines[3], uint32_t count, const uint8_t *out) {
  (void)lines;
  (void)count;
  (void)out;
  return 0;
}
#endif

void yuv_to_rgb(const uint16_t *const lines[3], uint32_t count, uint8_t *out) {
  yuv_to_rgb_from(yuv_to_rgb_blocks(lines, count, out), lines, count, out);
}

void yuv_to_grey(const uint16_t *const lines[3], uint32_t count, uint8_t *restrict out) {
  for (size_t i = 0; i < count; i++)
    out[i] = clamp(((int32_t)lines[0][i] - 16 * 256) * Y_GAIN);
}
