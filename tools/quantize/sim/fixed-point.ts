/**
 * The 32-bit fixed-point arithmetic of TensorFlow Lite Micro's reference kernels (gemmlowp with double rounding), exactly.
 * Numbers are JavaScript's, but every result is a 32-bit integer.
 */
export const INT32_MAX = 2 ** 31 - 1;
export const INT32_MIN = -(2 ** 31);

/** A real factor as multiplier / 2^31 * 2^shift with multiplier from 2^30 to 2^31 - 1. */
export interface Multiplier {
  readonly multiplier: number;
  readonly shift: number;
}

/** A real factor, zero or above, in fixed point; what is below 2^-32 becomes zero. */
export function quantizeMultiplier(real: number): Multiplier {
  if (real === 0) return { multiplier: 0, shift: 0 };
  let shift = Math.floor(Math.log2(real)) + 1;
  // The logarithm may be off by one next to a power of two.
  while (real >= 2 ** shift) shift += 1;
  while (real < 2 ** (shift - 1)) shift -= 1;
  let multiplier = Math.round((real / 2 ** shift) * 2 ** 31);
  if (multiplier === 2 ** 31) {
    multiplier /= 2;
    shift += 1;
  }
  return shift < -31 ? { multiplier: 0, shift: 0 } : { multiplier, shift };
}

/** The upper half of 2 * a * b, rounded to nearest, halves up; it saturates for INT32_MIN twice. */
export function doublingHighMul(a: number, b: number): number {
  if (a === INT32_MIN && b === INT32_MIN) return INT32_MAX;
  // A product of 62 bits is more than a double holds: the lower 16 bits of `a` go through on their own.
  const upper = (a >> 16) * b;
  const lower = Math.floor(((a & 0xffff) * b + 2 ** 30) / 2 ** 16);
  return Math.floor((upper + lower) / 2 ** 15);
}

/** x / 2^exponent for exponents 0 to 31, rounded to nearest, halves away from zero. */
export function roundingDivideByPot(x: number, exponent: number): number {
  if (exponent === 0) return x;
  const half = 2 ** (exponent - 1);
  const scaled = (Math.abs(x) + half) / (2 * half);
  return x < 0 ? -Math.floor(scaled) : Math.floor(scaled);
}

/** x * 2^exponent, limited to 32 bits. */
export function saturatingShiftLeft(x: number, exponent: number): number {
  return Math.min(INT32_MAX, Math.max(INT32_MIN, x * 2 ** exponent));
}

/** x times a fixed-point factor: rounded once for the product and once for the shift. */
export function multiplyByMultiplier(x: number, { multiplier, shift }: Multiplier): number {
  const left = shift > 0 ? shift : 0;
  return roundingDivideByPot(doublingHighMul(x << left, multiplier), left - shift);
}

/** `value` within min to max. */
export function limited(value: number, min: number, max: number): number {
  return Math.max(min, Math.min(value, max));
}
