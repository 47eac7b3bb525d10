import { LinegateError } from '../../../agent/core/errors.ts';
import { limited, quantizeMultiplier, roundingDivideByPot } from '../sim/fixed-point.ts';
import { checkShape, type Kernel, scaleOf } from '../sim/kernel.ts';

const LEAST = -(2 ** 15);
const LARGEST = 2 ** 15 - 1;

/** HARD_SWISH in 16 bits, step by step as TensorFlow's hard_swish.h does it. */
export const hardSwishIntegers: Kernel<'HARD_SWISH'> = ({ inputs: [input], output }) => {
  checkShape(output, input?.shape ?? []);
  const from = scaleOf(input ?? output);
  const to = scaleOf(output);
  // The input is held 2^7 finer than it is stored; both factors are float32 in TensorFlow.
  const fine = Math.fround(from.scale / 128);
  const toOutput = shortMultiplier(Math.fround(fine / to.scale));
  const toGate = shortMultiplier(Math.fround(fine / Math.fround(3 / 32768)));
  if (toOutput.shift > 0) {
    throw new LinegateError('bad-model', `The scale of "${output.name}" is too small for a HARD_SWISH of its input.`);
  }
  const table = Int8Array.from({ length: 256 }, (_, i) => {
    const value = (i - 128 - from.zeroPoint) * 128;
    const gate = Math.floor((gateOf(value, toGate) + 2 ** 15) / 2);
    const product = Math.trunc((gate * highMul(value, toOutput.multiplier)) / 2 ** 15);
    return limited(roundingDivideByPot(product, -toOutput.shift) + to.zeroPoint, -128, 127);
  });
  return ([values = new Int8Array()], result) => {
    for (const [i, value] of values.entries()) result[i] = table[value + 128] ?? 0;
  };
};

interface ShortMultiplier {
  /** From 2^14 to 2^15 - 1. */
  readonly multiplier: number;
  readonly shift: number;
}

function shortMultiplier(real: number): ShortMultiplier {
  const { multiplier, shift } = quantizeMultiplier(real);
  return { multiplier: Math.min(LARGEST, Math.floor((multiplier + 2 ** 15) / 2 ** 16)), shift };
}

/** The gate from -1 to 1 in 16 bits, where 1 stands for three above zero; shifts saturate, the last bit after the product. */
function gateOf(value: number, { multiplier, shift }: ShortMultiplier): number {
  const shifted = shift > 0 ? saturated(value * 2 ** (shift - 1)) : value;
  const scaled = highMul(shifted, multiplier);
  if (shift > 0) return saturated(scaled * 2);
  return roundingDivideByPot(scaled, -shift);
}

/** The upper half of 2 * a * b in 16 bits, rounded to nearest. */
function highMul(a: number, b: number): number {
  if (a === LEAST && b === LEAST) return LARGEST;
  const product = a * b;
  return Math.trunc((product + (product >= 0 ? 2 ** 14 : 1 - 2 ** 14)) / 2 ** 15);
}

function saturated(value: number): number {
  return limited(value, LEAST, LARGEST);
}
