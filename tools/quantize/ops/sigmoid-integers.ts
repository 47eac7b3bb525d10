import { limited, multiplyByMultiplier, quantizeMultiplier, roundingDivideByPot } from '../sim/fixed-point.ts';
import { logistic } from '../sim/gemmlowp-exp.ts';
import { checkShape, type Kernel, scaleOf } from '../sim/kernel.ts';

/** The input goes into gemmlowp's logistic function with 4 integer bits. */
const INTEGER_BITS = 4;

/** LOGISTIC; its output is always 1/256 from -128. */
export const sigmoidIntegers: Kernel<'LOGISTIC'> = ({ inputs: [input], output }) => {
  checkShape(output, input?.shape ?? []);
  const { scale, zeroPoint } = scaleOf(input ?? output);
  const factor = quantizeMultiplier(scale * 2 ** (31 - INTEGER_BITS));
  // From here on the 4 bits overflow, and the result is 0 or 1.
  const radius = Math.floor(((2 ** INTEGER_BITS - 1) * 2 ** (31 - INTEGER_BITS)) / 2 ** factor.shift);
  const table = Int8Array.from({ length: 256 }, (_, i) => {
    const centred = i - 128 - zeroPoint;
    if (centred <= -radius) return -128;
    if (centred >= radius) return 127;
    const result = logistic(multiplyByMultiplier(centred, factor));
    return limited(roundingDivideByPot(result, 23) - 128, -128, 127);
  });
  return ([values = new Int8Array()], result) => {
    for (const [i, value] of values.entries()) result[i] = table[value + 128] ?? 0;
  };
};
