import { channelsOf, type WeightedNode } from '../ir/graph.ts';
import type { LayerIntegers } from './plan.ts';
import { alikeScale } from './round-alike.ts';

/** Weights stay within -127 to 127, so that no sign has a value more than the other (TFLite's rule). */
const LARGEST_WEIGHT = 127;
/** Half of what a 32-bit bias holds; the other half is for the sum of products. */
const LARGEST_BIAS = 2 ** 30;

/** The integers of a layer whose input has the scale `inputScale` and whose output, where that is rounded, has `outputScale`. */
export function layerIntegers(node: WeightedNode, inputScale: number, outputScale?: number): LayerIntegers {
  const channelOf = channelOfWeight(node);
  const largest = largestWeights(node, channelOf);
  const scales = largest.map((peak, channel) => {
    const bias = Math.abs(node.bias[channel] ?? 0);
    return Math.max(peak / LARGEST_WEIGHT, bias / (inputScale * LARGEST_BIAS), 1e-12);
  });
  const alike = (scale: number) => (outputScale === undefined ? scale : alikeScale(scale, inputScale, outputScale));
  // A fully connected layer has one scale for all outputs: TFLite 2.9 reads several without a word and gets them wrong.
  const needed = node.op === 'fully-connected' ? [Math.max(...scales)] : scales;
  const used = Float32Array.from(needed, alike);
  const scaleOf = (channel: number) => used[used.length === 1 ? 0 : channel] ?? 1;
  return {
    weights: roundedWeights(node, (i) => scaleOf(channelOf(i))),
    scales: used,
    bias: Int32Array.from(node.bias, (bias, channel) => Math.round(bias / (inputScale * scaleOf(channel)))),
  };
}

function roundedWeights({ weights }: WeightedNode, scaleOf: (i: number) => number): Int8Array {
  const rounded = new Int8Array(weights.length);
  for (let i = 0; i < weights.length; i += 1) rounded[i] = limited(Math.round((weights[i] ?? 0) / scaleOf(i)));
  return rounded;
}

/** The output channel of weight `i`: the first axis, but for depthwise the last. */
export function channelOfWeight(node: WeightedNode): (i: number) => number {
  if (node.op === 'depthwise') return (i) => i % channelsOf(node.weightShape);
  const perChannel = node.weights.length / Math.max(1, node.bias.length);
  return (i) => Math.floor(i / perChannel);
}

function largestWeights(node: WeightedNode, channelOf: (i: number) => number): number[] {
  const largest = new Array<number>(node.bias.length).fill(0);
  // Not by entries(): large networks are quantised a dozen times in a search.
  for (let i = 0; i < node.weights.length; i += 1) {
    const channel = channelOf(i);
    largest[channel] = Math.max(largest[channel] ?? 0, Math.abs(node.weights[i] ?? 0));
  }
  return largest;
}

function limited(weight: number): number {
  return Math.min(LARGEST_WEIGHT, Math.max(-LARGEST_WEIGHT, weight));
}
