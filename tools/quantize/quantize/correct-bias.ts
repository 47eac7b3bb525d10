import { filtersOf } from '../ir/filters.ts';
import { channelsOf, type WeightedNode } from '../ir/graph.ts';
import type { LayerIntegers } from './plan.ts';

/**
 * Rounding weights moves a layer's mean output by (rounded - exact) * mean input. This takes that out of the bias; padding
 * at the borders is left out of account.
 * `means` holds the mean of every input channel over the calibration pictures, `inputScale` the input's scale.
 */
export function correctBias(
  node: WeightedNode,
  integers: LayerIntegers,
  means: Float32Array,
  inputScale: number,
): LayerIntegers {
  const scaleOf = (channel: number) => integers.scales[integers.scales.length === 1 ? 0 : channel] ?? 1;
  const shifts = Float64Array.from(node.bias, (_, channel) =>
    shiftOf(node, integers.weights, { channel, scale: scaleOf(channel), means }),
  );
  // A transposed convolution's tap reaches one place of the output in so many.
  const share = node.op === 'transpose-conv' ? 1 / (node.window.strides[0] * node.window.strides[1]) : 1;
  const bias = Int32Array.from(node.bias, (real, channel) =>
    Math.round((real + share * (shifts[channel] ?? 0)) / (inputScale * scaleOf(channel))),
  );
  return { ...integers, bias };
}

interface Channel {
  readonly channel: number;
  readonly scale: number;
  readonly means: Float32Array;
}

/** What rounding took from the mean of an output channel. */
function shiftOf(node: WeightedNode, rounded: Int8Array, { channel, scale, means }: Channel): number {
  const { weights, op } = node;
  const { length, first, next } = filtersOf(node);
  const inputs = channelsOf(node.weightShape);
  let shift = 0;
  for (let k = 0, at = channel * first; k < length; k += 1, at += next) {
    const error = (weights[at] ?? 0) - (rounded[at] ?? 0) * scale;
    // A dense or plain layer has its input channels last; a depthwise one has the channel itself as its only input.
    shift += error * (means[op === 'depthwise' ? channel : k % inputs] ?? 0);
  }
  return shift;
}
