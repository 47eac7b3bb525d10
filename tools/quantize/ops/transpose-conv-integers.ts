import { LinegateError } from '../../../agent/core/errors.ts';
import { quantizeMultiplier } from '../sim/fixed-point.ts';
import {
  channelScales,
  checkShape,
  type Integers,
  type Kernel,
  pictureShape,
  scaleOf,
  storedIntegers,
} from '../sim/kernel.ts';
import { PADDING } from '../tflite/builtins.ts';
import { requantiser } from './conv-integers.ts';

/** TRANSPOSE_CONV, weights OHWI: every pixel is spread over the output, then every place is rescaled. */
export const transposeConvIntegers: Kernel<'TRANSPOSE_CONV'> = ({ operator, inputs, output }) => {
  const [, filter, input, biasTensor] = inputs;
  if (input === undefined || filter === undefined) {
    throw new LinegateError('bad-model', `The transposed convolution "${output.name}" has no input or no weights.`);
  }
  const [height, width, channels] = pictureShape(input);
  const [outHeight, outWidth, outputs] = pictureShape(output);
  const [, kernelH = 0, kernelW = 0] = filter.shape;
  checkShape(filter, [outputs, kernelH, kernelW, channels]);
  const { padding, strideH, strideW } = operator.options;
  const rows = spread(height, outHeight, kernelH, strideH, padding);
  const columns = spread(width, outWidth, kernelW, strideW, padding);
  const weights = storedIntegers(filter);
  const bias = biasTensor === undefined ? new Int32Array(outputs) : storedIntegers(biasTensor);
  const { scale, zeroPoint } = scaleOf(input);
  const to = scaleOf(output);
  const factors = Array.from(channelScales(filter, outputs), (one) => quantizeMultiplier((scale * one) / to.scale));
  const finish = requantiser(factors, to.zeroPoint, { min: -128, max: 127 });
  const sums = new Int32Array(outHeight * outWidth * outputs);
  const filters = { weights, outputs, taps: kernelH * kernelW, channels };
  // Every pixel under every tap, and the place that it adds to there.
  const moves = rows.flatMap(([y, ky, outY]) =>
    columns.map(([x, kx, outX]) => ({ pixel: y * width + x, tap: ky * kernelW + kx, place: outY * outWidth + outX })),
  );
  return ([, , picture = new Int8Array()], result) => {
    sums.fill(0);
    for (const move of moves) addPixel(sums, picture, zeroPoint, filters, move);
    for (const [i, sum] of sums.entries()) result[i] = finish(sum + (bias[i % outputs] ?? 0), i % outputs);
  };
};

interface Filters {
  /** [outputs, taps, channels]. */
  readonly weights: Integers;
  readonly outputs: number;
  readonly taps: number;
  readonly channels: number;
}

/** Adds one pixel, times all that the filters have at `tap`, to the sums of `place`. */
function addPixel(
  sums: Int32Array,
  picture: Integers,
  zeroPoint: number,
  { weights, outputs, taps, channels }: Filters,
  { pixel, tap, place }: { readonly pixel: number; readonly tap: number; readonly place: number },
): void {
  for (let o = 0; o < outputs; o += 1) {
    const from = (o * taps + tap) * channels;
    let sum = sums[place * outputs + o] ?? 0;
    for (let c = 0; c < channels; c += 1) {
      sum += Math.imul((picture[pixel * channels + c] ?? 0) - zeroPoint, weights[from + c] ?? 0);
    }
    sums[place * outputs + o] = sum;
  }
}

/** Along a side: every [pixel, tap, place of the output] that lies inside. */
function spread(
  side: number,
  places: number,
  kernel: number,
  stride: number,
  padding: number,
): [number, number, number][] {
  if (stride < 1 || kernel < 1 || side * kernel > 2 ** 20) {
    throw new LinegateError('bad-model', `A kernel of ${kernel} pixels in steps of ${stride} is not possible.`);
  }
  const beyond = Math.max(0, (Math.ceil(places / stride) - 1) * stride + kernel - places);
  const before = padding === PADDING.same ? Math.floor(beyond / 2) : 0;
  return Array.from({ length: side * kernel }, (_, i): [number, number, number] => {
    const [pixel, tap] = [Math.floor(i / kernel), i % kernel];
    return [pixel, tap, pixel * stride - before + tap];
  }).filter(([, , place]) => place >= 0 && place < places);
}
