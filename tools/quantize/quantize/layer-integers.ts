import { filtersOf } from '../ir/filters.ts';
import type { WeightedNode } from '../ir/graph.ts';
import type { LayerIntegers } from './plan.ts';
import { alikeScale } from './round-alike.ts';

/** Weights stay within -127 to 127, so that no sign has a value more than the other (TFLite's rule). */
const LARGEST_WEIGHT = 127;
/** Half of what a 32-bit bias holds; the other half is for the sum of products. */
const LARGEST_BIAS = 2 ** 30;

/** The integers of a layer whose input has the scale `inputScale` and whose output, where that is rounded, has `outputScale`. */
export function layerIntegers(node: WeightedNode, inputScale: number, outputScale?: number): LayerIntegers {
  const largest = largestWeights(node);
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
    weights: roundedWeights(node, scaleOf),
    scales: used,
    bias: Int32Array.from(node.bias, (bias, channel) => Math.round(bias / (inputScale * scaleOf(channel)))),
  };
}

// Loops over places and not over weights: large networks are quantised a dozen times in a search.

function roundedWeights(node: WeightedNode, scaleOf: (channel: number) => number): Int8Array {
  const { weights } = node;
  const { length, first, next } = filtersOf(node);
  const rounded = new Int8Array(weights.length);
  for (let channel = 0; channel < node.bias.length; channel += 1) {
    const scale = scaleOf(channel);
    for (let k = 0, at = channel * first; k < length; k += 1, at += next) {
      rounded[at] = limited(Math.round((weights[at] ?? 0) / scale));
    }
  }
  return rounded;
}

function largestWeights(node: WeightedNode): number[] {
  const { weights } = node;
  const { length, first, next } = filtersOf(node);
  return Array.from(node.bias, (_, channel) => {
    let largest = 0;
    for (let k = 0, at = channel * first; k < length; k += 1, at += next) {
      largest = Math.max(largest, Math.abs(weights[at] ?? 0));
    }
    return largest;
  });
}

function limited(weight: number): number {
  return Math.min(LARGEST_WEIGHT, Math.max(-LARGEST_WEIGHT, weight));
}
