import { channelOfWeight } from '../ir/filters.ts';
import { channelsOf, type Graph, isWeighted, type Node, shapeOf } from '../ir/graph.ts';
import { channelGroups } from './channel-groups.ts';

/** The largest size that each channel of a value had, by value. */
export type ChannelPeaks = ReadonlyMap<string, Float32Array>;

/** A graph that computes the same with other units inside; `factors` says by how much each channel of a value grew. */
export interface Equalised {
  readonly graph: Graph;
  readonly factors: ReadonlyMap<string, Float32Array>;
}

/** More would only move the rounding into the weights behind. */
const LARGEST_FACTOR = 1024;

/**
 * Gives the channels of each group of values units in which they are about as large as its largest channel, so that all of them
 * use the 256 steps that they share: factors in the weights that make a channel, their inverse in the weights that read it.
 * `strength` 1 makes them all equally large, 0 changes nothing; a half shares the rounding between channels and weights.
 *
 * No factor is below 1 and none makes a channel larger than the largest one was. So behind a Relu6 a channel that reached 6 keeps
 * its unit, and any other stays within 6 on everything that gave the peaks: what Relu6 cuts is the same. Larger numbers than any of
 * these are cut at the channel's peak, as the edge of the integers cuts them at the value's.
 */
export function equaliseChannels(graph: Graph, peaks: ChannelPeaks, strength = 0.5): Equalised {
  const factors = new Map<string, Float32Array>();
  for (const group of channelGroups(graph)) {
    const common = factorsOf(graph, group, peaks, strength);
    for (const value of group) factors.set(value, common);
  }
  if (factors.size === 0) return { graph, factors };
  return { graph: { ...graph, nodes: graph.nodes.map((node) => rescaled(node, factors)) }, factors };
}

function factorsOf(graph: Graph, group: ReadonlySet<string>, peaks: ChannelPeaks, strength: number): Float32Array {
  // A vector made of a picture repeats the picture's channels.
  const channels = Math.min(...[...group].map((value) => channelsOf(shapeOf(graph, value))));
  const factors = new Float32Array(channels).fill(LARGEST_FACTOR);
  for (const value of group) {
    const own = peaks.get(value) ?? new Float32Array();
    const largest = Math.max(...own);
    for (const [i, peak] of own.entries()) {
      const room = peak > 0 ? (largest / peak) ** strength : LARGEST_FACTOR;
      factors[i % channels] = Math.min(factors[i % channels] ?? 1, room);
    }
  }
  // A channel that is never anything but zero has no size to go by.
  return factors.map((factor) => (factor === LARGEST_FACTOR ? 1 : factor));
}

function rescaled(node: Node, factors: ReadonlyMap<string, Float32Array>): Node {
  if (!isWeighted(node)) return node;
  const [made, read] = [factors.get(node.output), factors.get(node.inputs[0] ?? '')];
  if (made === undefined && read === undefined) return node;
  const output = (channel: number) => made?.[channel % made.length] ?? 1;
  const input = (channel: number) => read?.[channel % read.length] ?? 1;
  const channelOf = channelOfWeight(node);
  const last = channelsOf(node.weightShape);
  return {
    ...node,
    weights: node.weights.map((weight, i) => (weight * output(channelOf(i))) / input(i % last)),
    bias: node.bias.map((bias, channel) => bias * output(channel)),
  };
}
