import { doublingHighMul, INT32_MAX, roundingDivideByPot, saturatingShiftLeft } from './fixed-point.ts';

/**
 * gemmlowp's fixed-point functions that Softmax and the logistic function need. A number with n integer bits stands for raw / 2^(31 - n); constants are
 * gemmlowp's. The names follow fixedpoint.h, so that one can be held against the other.
 */

/** exp(x) with 0 integer bits, for x <= 0 with at most 5 integer bits. */
export function expOnNegativeValues(x: number, integerBits = 5): number {
  if (x === 0) return INT32_MAX;
  const fractionalBits = 31 - integerBits;
  const quarter = 2 ** (fractionalBits - 2);
  const moduloQuarter = (x & (quarter - 1)) - quarter;
  const remainder = moduloQuarter - x;
  let result = expBetweenMinusQuarterAndZero(saturatingShiftLeft(moduloQuarter, integerBits));
  for (const [exponent, factor] of BARREL) {
    if (exponent < integerBits && (remainder & (2 ** (fractionalBits + exponent))) !== 0)
      result = doublingHighMul(result, factor);
  }
  return result;
}

/** exp(-2^exponent) for the bits of what a quarter leaves over. */
const BARREL = [
  [-2, 1672461947],
  [-1, 1302514674],
  [0, 790015084],
  [1, 290630308],
  [2, 39332535],
  [3, 720401],
  [4, 242],
] as const;

const EXP_OF_MINUS_EIGHTH = 1895147668;
const ONE_THIRD = 715827883;

/** A Taylor series around -1/8. */
function expBetweenMinusQuarterAndZero(a: number): number {
  const x = a + 2 ** 28;
  const x2 = doublingHighMul(x, x);
  const x3 = doublingHighMul(x2, x);
  const x4 = doublingHighMul(x2, x2);
  const thirds = doublingHighMul(roundingDivideByPot(x4, 2) + x3, ONE_THIRD);
  const tail = roundingDivideByPot(thirds + x2, 1);
  return EXP_OF_MINUS_EIGHTH + doublingHighMul(EXP_OF_MINUS_EIGHTH, x + tail);
}

const FORTY_EIGHT_SEVENTEENTHS = 1515870810;
const MINUS_THIRTY_TWO_SEVENTEENTHS = -1010580540;

/** 1 / (1 + a) with 0 integer bits, for a from 0 to 1 with 0 integer bits: three steps of Newton. */
function oneOverOnePlus(a: number): number {
  const halfDenominator = roundingHalfSum(a, INT32_MAX);
  let x = FORTY_EIGHT_SEVENTEENTHS + doublingHighMul(halfDenominator, MINUS_THIRTY_TWO_SEVENTEENTHS);
  for (let step = 0; step < 3; step += 1) {
    const rest = 2 ** 29 - doublingHighMul(halfDenominator, x);
    x += saturatingShiftLeft(doublingHighMul(x, rest), 2);
  }
  return saturatingShiftLeft(x, 1);
}

/** 1 / (1 + exp(-x)) with 0 integer bits, for x with 4 integer bits. */
export function logistic(x: number): number {
  if (x === 0) return 2 ** 30;
  const above = oneOverOnePlus(expOnNegativeValues(-Math.abs(x), 4));
  return x > 0 ? above : INT32_MAX - above;
}

/** The mean of two numbers that are not below zero, halves up. */
function roundingHalfSum(a: number, b: number): number {
  return Math.floor((a + b + 1) / 2);
}

/** 1 / x for x with 12 integer bits: `scale` with 0 integer bits, to be shifted right by `bitsOverUnit`. */
export function reciprocal(x: number): { readonly scale: number; readonly bitsOverUnit: number } {
  const headroom = Math.clz32(x);
  const fraction = x * 2 ** headroom - 2 ** 31;
  return { scale: oneOverOnePlus(fraction), bitsOverUnit: 12 - headroom };
}
