import { LinegateError } from '../../../agent/core/errors.ts';
import { limited, type Multiplier, multiplyByMultiplier, quantizeMultiplier } from '../sim/fixed-point.ts';
import {
  activationLimits,
  channelScales,
  checkShape,
  type Integers,
  type Kernel,
  pictureShape,
  type Site,
  scaleOf,
  storedIntegers,
} from '../sim/kernel.ts';
import { stepsOf, tapsOfPlaces } from '../sim/window.ts';

/** CONV_2D: every output channel from all input channels, weights OHWI. */
export const convolution: Kernel<'CONV_2D'> = (site) => {
  const { places, taps, channels, outputs, weights, bias, finish, offset } = prepared(site);
  const window = new Int32Array(taps * channels);
  return ([picture = new Int8Array()], result) => {
    for (const [place, inside] of places.entries()) {
      fillWindow(window, picture, inside, channels, offset);
      for (let o = 0; o < outputs; o += 1) {
        result[place * outputs + o] = finish(dot(window, weights, o) + (bias[o] ?? 0), o);
      }
    }
  };
};

/** The pixels under the window less their zero point; outside the picture the real value is zero, and so is this. */
function fillWindow(window: Int32Array, picture: Integers, taps: Int32Array, channels: number, offset: number): void {
  window.fill(0);
  for (let i = 0; i < taps.length; i += 2) {
    const to = (taps[i] ?? 0) * channels;
    const from = (taps[i + 1] ?? 0) * channels;
    for (let c = 0; c < channels; c += 1) window[to + c] = (picture[from + c] ?? 0) - offset;
  }
}

/** The sum of products of a window and the filter of output channel `o`. */
function dot(window: Int32Array, weights: Integers, o: number): number {
  let sum = 0;
  const start = o * window.length;
  for (let i = 0; i < window.length; i += 1) sum = (sum + Math.imul(window[i] ?? 0, weights[start + i] ?? 0)) | 0;
  return sum;
}

/** DEPTHWISE_CONV_2D: every output channel from one input channel, weights 1HWC. */
export const depthwiseConvolution: Kernel<'DEPTHWISE_CONV_2D'> = (site) => {
  const { places, channels, outputs, weights, bias, finish, offset } = prepared(site);
  if (channels !== outputs || site.operator.options.depthMultiplier !== 1) {
    throw new LinegateError(
      'bad-model',
      `The depthwise convolution "${site.output.name}" makes ${outputs} channels of ${channels}; as many are needed.`,
    );
  }
  const sums = new Int32Array(outputs);
  return ([picture = new Int8Array()], result) => {
    for (const [place, inside] of places.entries()) {
      sums.set(bias);
      addDepthwise(sums, picture, weights, inside, offset);
      for (let o = 0; o < outputs; o += 1) result[place * outputs + o] = finish(sums[o] ?? 0, o);
    }
  };
};

function addDepthwise(sums: Int32Array, picture: Integers, weights: Integers, taps: Int32Array, offset: number): void {
  const channels = sums.length;
  for (let i = 0; i < taps.length; i += 2) {
    const tap = (taps[i] ?? 0) * channels;
    const from = (taps[i + 1] ?? 0) * channels;
    for (let c = 0; c < channels; c += 1) {
      sums[c] = (sums[c] ?? 0) + Math.imul((picture[from + c] ?? 0) - offset, weights[tap + c] ?? 0);
    }
  }
}

function prepared({ operator, inputs: [input, filter, biasTensor], output }: Site<'CONV_2D' | 'DEPTHWISE_CONV_2D'>) {
  const { padding, strideH, strideW, dilationH, dilationW, activation } = operator.options;
  if (input === undefined || filter === undefined) {
    throw new LinegateError('bad-model', `The convolution "${output.name}" has no input or no weights.`);
  }
  const [height, width, channels] = pictureShape(input);
  const [outHeight, outWidth, outputs] = pictureShape(output);
  const [, kernelH = 0, kernelW = 0] = filter.shape;
  const rows = stepsOf(padding, [height, outHeight], kernelH, strideH, dilationH);
  const columns = stepsOf(padding, [width, outWidth], kernelW, strideW, dilationW);
  const depthwise = operator.builtin === 'DEPTHWISE_CONV_2D';
  checkShape(filter, depthwise ? [1, kernelH, kernelW, outputs] : [outputs, kernelH, kernelW, channels]);
  const { scale, zeroPoint } = scaleOf(input);
  const factors = Array.from(channelScales(filter, outputs), (one) =>
    quantizeMultiplier((scale * one) / scaleOf(output).scale),
  );
  return {
    places: tapsOfPlaces(rows, columns),
    taps: kernelH * kernelW,
    channels,
    outputs,
    weights: storedIntegers(filter),
    bias: biasTensor === undefined ? new Int32Array(outputs) : storedIntegers(biasTensor),
    finish: requantiser(factors, scaleOf(output).zeroPoint, activationLimits(activation, output)),
    offset: zeroPoint,
  };
}

/** From a 32-bit sum of channel `o` to the output's integer. */
export function requantiser(
  factors: readonly Multiplier[],
  zeroPoint: number,
  { min, max }: { readonly min: number; readonly max: number },
): (sum: number, channel: number) => number {
  return (sum, channel) => {
    const factor = factors[channel];
    if (factor === undefined) throw new LinegateError('bad-model', `The output has no channel ${channel}.`);
    return limited(multiplyByMultiplier(sum | 0, factor) + zeroPoint, min, max);
  };
}
