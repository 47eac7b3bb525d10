import { channelsOf, type WeightedNode } from '../ir/graph.ts';
import { channelOfWeight } from './layer-integers.ts';
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
  const shifts = new Float64Array(node.bias.length);
  const channelOf = channelOfWeight(node);
  const scaleOf = (channel: number) => integers.scales[integers.scales.length === 1 ? 0 : channel] ?? 1;
  for (let i = 0; i < node.weights.length; i += 1) {
    const channel = channelOf(i);
    const error = (node.weights[i] ?? 0) - (integers.weights[i] ?? 0) * scaleOf(channel);
    // A dense or plain layer has its input channels last; a depthwise one has the channel itself as its only input.
    const mean = means[i % channelsOf(node.weightShape)] ?? 0;
    shifts[channel] = (shifts[channel] ?? 0) + error * mean;
  }
  // A transposed convolution's tap reaches one place of the output in so many.
  const share = node.op === 'transpose-conv' ? 1 / (node.window.strides[0] * node.window.strides[1]) : 1;
  const bias = Int32Array.from(node.bias, (real, channel) =>
    Math.round((real + share * (shifts[channel] ?? 0)) / (inputScale * scaleOf(channel))),
  );
  return { ...integers, bias };
}
