import { LinegateError } from '../../../agent/core/errors.ts';
import {
  doublingHighMul,
  limited,
  multiplyByMultiplier,
  quantizeMultiplier,
  roundingDivideByPot,
} from '../sim/fixed-point.ts';
import { expOnNegativeValues, reciprocal } from '../sim/gemmlowp-exp.ts';
import {
  activationLimits,
  checkShape,
  type Invoke,
  type Kernel,
  pictureShape,
  type Site,
  scaleOf,
  storedIntegers,
} from '../sim/kernel.ts';
import { elementsOf, type TfliteTensor } from '../tflite/model.ts';

/** Both inputs of an ADD are held 2^20 finer than they are stored. */
const ADD_SHIFT = 20;

/** ADD of two tensors of one shape. */
export const addIntegers: Kernel<'ADD'> = ({ operator, inputs, output }) => {
  const [left, right] = inputs.map(scaleOf);
  if (left === undefined || right === undefined) {
    throw new LinegateError('bad-model', `The sum "${output.name}" needs two inputs.`);
  }
  for (const { shape } of inputs) checkShape(output, shape);
  const twiceLargest = 2 * Math.max(left.scale, right.scale);
  const leftFactor = quantizeMultiplier(left.scale / twiceLargest);
  const rightFactor = quantizeMultiplier(right.scale / twiceLargest);
  const { scale, zeroPoint } = scaleOf(output);
  const outFactor = quantizeMultiplier(twiceLargest / (2 ** ADD_SHIFT * scale));
  const { min, max } = activationLimits(operator.options.activation, output);
  return ([a = new Int8Array(), b = new Int8Array()], result) => {
    for (let i = 0; i < result.length; i += 1) {
      const scaledA = multiplyByMultiplier(((a[i] ?? 0) - left.zeroPoint) << ADD_SHIFT, leftFactor);
      const scaledB = multiplyByMultiplier(((b[i] ?? 0) - right.zeroPoint) << ADD_SHIFT, rightFactor);
      result[i] = limited(multiplyByMultiplier(scaledA + scaledB, outFactor) + zeroPoint, min, max);
    }
  };
};

/** CONCATENATION of pictures along their channels, or of vectors. */
export const concatIntegers: Kernel<'CONCATENATION'> = ({ operator, inputs, output }) => {
  const { axis } = operator.options;
  const last = output.shape.length - 1;
  if (axis !== last && axis !== -1)
    throw new LinegateError('bad-model', `"${output.name}" is not joined along channels.`);
  const widths = inputs.map(({ shape }) => shape[last] ?? 0);
  const total = widths.reduce((sum, width) => sum + width, 0);
  for (const { shape } of inputs) checkShape(output, [...shape.slice(0, -1), total]);
  return (parts, result) => {
    let start = 0;
    for (const [index, part] of parts.entries()) {
      const width = widths[index] ?? 0;
      for (let i = 0; i < part.length; i += 1)
        result[Math.floor(i / width) * total + start + (i % width)] = part[i] ?? 0;
      start += width;
    }
  };
};

/** RESHAPE: the same integers in the same order. */
export const reshapeIntegers: Kernel<'RESHAPE'> = ({ inputs: [input], output }) => {
  if (elementsOf(input?.shape ?? []) !== elementsOf(output.shape)) checkShape(output, input?.shape ?? []);
  return ([values = new Int8Array()], result) => result.set(values);
};

/** PAD: zeros, which are the zero point, around a picture. */
export const padIntegers: Kernel<'PAD'> = (site) => padded(site, scaleOf(site.output).zeroPoint);

/** PADV2: a stored integer around a picture. */
export const padWithIntegers: Kernel<'PADV2'> = (site) => padded(site, storedIntegers(site.inputs[2])[0] ?? 0);

function padded({ inputs: [input, pads], output }: Site<'PAD' | 'PADV2'>, filling: number): Invoke {
  const [height, width, channels] = pictureShape(input ?? output);
  const [, outWidth] = pictureShape(output);
  const [, , top = 0, bottom = 0, left = 0, right = 0] = storedIntegers(pads);
  checkShape(output, [1, height + top + bottom, width + left + right, channels]);
  if (Math.min(top, bottom, left, right) < 0)
    throw new LinegateError('bad-model', `"${output.name}" is padded by less than 0.`);
  return ([picture = new Int8Array()], result) => {
    result.fill(filling);
    for (let y = 0; y < height; y += 1) {
      const row = picture.subarray(y * width * channels, (y + 1) * width * channels);
      result.set(row, ((y + top) * outWidth + left) * channels);
    }
  };
}

/** QUANTIZE from one int8 scale to another. */
export const quantizeIntegers: Kernel<'QUANTIZE'> = (site) => rescaled(site, -128);

/** RELU, which may change the scale. */
export const reluIntegers: Kernel<'RELU'> = (site) => rescaled(site, scaleOf(site.output).zeroPoint);

function rescaled({ inputs: [input], output }: Site<'QUANTIZE' | 'RELU'>, least: number): Invoke {
  checkShape(output, input?.shape ?? []);
  const from = scaleOf(input ?? output);
  const to = scaleOf(output);
  const factor = quantizeMultiplier(from.scale / to.scale);
  return ([values = new Int8Array()], result) => {
    for (const [i, value] of values.entries()) {
      result[i] = limited(multiplyByMultiplier(value - from.zeroPoint, factor) + to.zeroPoint, least, 127);
    }
  };
}

/** RELU6, which keeps the scale. */
export const relu6Integers: Kernel<'RELU6'> = ({ inputs: [input], output }) => {
  checkShape(output, input?.shape ?? []);
  const { scale, zeroPoint } = scaleOf(input ?? output);
  const six = limited(Math.round(Math.fround(6 / scale)) + zeroPoint, -128, 127);
  return ([values = new Int8Array()], result) => {
    for (const [i, value] of values.entries()) result[i] = limited(value, zeroPoint, six);
  };
};

/** SOFTMAX over the last axis; its output is always 1/256 from -128. */
export const softmaxIntegers: Kernel<'SOFTMAX'> = ({ operator, inputs: [input], output }) => {
  checkShape(output, input?.shape ?? []);
  const { scale } = scaleOf(input ?? output);
  const real = Math.min(operator.options.beta * scale * 2 ** 26, 2 ** 31 - 1);
  const factor = quantizeMultiplier(real);
  // Below this difference the exponent is zero in 5 integer bits.
  const least = -Math.floor((31 * 2 ** 26) / 2 ** factor.shift);
  const length = lastSide(output);
  return ([values = new Int8Array()], result) => {
    for (let start = 0; start < values.length; start += length) {
      softmaxOf(values.subarray(start, start + length), result.subarray(start, start + length), (difference) =>
        difference < least ? undefined : expOnNegativeValues(multiplyByMultiplier(difference, factor)),
      );
    }
  };
};

function softmaxOf(
  values: ArrayLike<number>,
  result: Int8Array,
  expOf: (difference: number) => number | undefined,
): void {
  const largest = Math.max(...Array.from(values));
  const exponents = Array.from(values, (value) => expOf(value - largest));
  const sum = exponents.reduce<number>((all, one) => all + (one === undefined ? 0 : roundingDivideByPot(one, 12)), 0);
  const { scale, bitsOverUnit } = reciprocal(sum);
  for (const [i, exponent] of exponents.entries()) {
    const share = exponent === undefined ? 0 : roundingDivideByPot(doublingHighMul(scale, exponent), bitsOverUnit + 23);
    result[i] = limited(share - 128, -128, 127);
  }
}

function lastSide({ shape }: TfliteTensor): number {
  return shape[shape.length - 1] ?? 1;
}
