import {
  type AffineNode,
  channelsOf,
  type Graph,
  isWeighted,
  mergeInto,
  onlyConsumerOf,
  producerOf,
  type WeightedNode,
} from '../ir/graph.ts';
import { rewrite } from './rewrite.ts';

/**
 * Takes a factor and a shift a channel (batch normalisation, a bias added apart) into the weights and bias of the layer
 * before it, and two in a row into one.
 */
export function foldBatchNorm(graph: Graph): Graph {
  return rewrite(graph, (current, node) => {
    if (node.op !== 'affine') return undefined;
    const before = producerOf(current, node.inputs[0]);
    if (before === undefined || onlyConsumerOf(current, before.output) !== node) return undefined;
    if (before.op === 'affine') return mergeInto(current, before, node, chained(before, node));
    if (!isWeighted(before) || before.activation !== 'none') return undefined;
    return mergeInto(current, before, node, scaled(before, node));
  });
}

function chained(first: AffineNode, second: AffineNode): AffineNode {
  return {
    ...first,
    output: second.output,
    scale: first.scale.map((factor, c) => factor * (second.scale[c] ?? 1)),
    shift: first.shift.map((shift, c) => shift * (second.scale[c] ?? 1) + (second.shift[c] ?? 0)),
  };
}

function scaled(node: WeightedNode, { scale, shift, output }: AffineNode): WeightedNode {
  const channels = node.bias.length;
  // Weights are [out, ...] but for depthwise, where the channel is the last axis.
  const perChannel = node.op === 'depthwise' ? 1 : node.weights.length / channels;
  const channel = (i: number) =>
    node.op === 'depthwise' ? i % channelsOf(node.weightShape) : Math.floor(i / perChannel);
  return {
    ...node,
    output,
    weights: node.weights.map((weight, i) => weight * (scale[channel(i)] ?? 1)),
    bias: node.bias.map((bias, c) => bias * (scale[c] ?? 1) + (shift[c] ?? 0)),
  };
}
