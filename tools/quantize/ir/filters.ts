import type { WeightedNode } from './graph.ts';

/** How the weights of the filters, one an output channel, lie: weight `k` of filter `f` at `f * first + k * next`. */
export interface FilterPlaces {
  readonly length: number;
  readonly first: number;
  readonly next: number;
}

/** A depthwise layer's filters lie interleaved, those of others one after the other. */
export function filtersOf({ op, weights, bias }: WeightedNode): FilterPlaces {
  const length = weights.length / Math.max(1, bias.length);
  return op === 'depthwise' ? { length, first: 1, next: bias.length } : { length, first: length, next: 1 };
}

/** The output channel of weight `i`. */
export function channelOfWeight(node: WeightedNode): (i: number) => number {
  const { length, next } = filtersOf(node);
  return node.op === 'depthwise' ? (i) => i % next : (i) => Math.floor(i / length);
}
