import { type Graph, isWeighted, mergeInto, onlyConsumerOf, producerOf } from '../ir/graph.ts';
import { rewrite } from './rewrite.ts';

/** Moves a Relu or Relu6 into the layer before it, where the edge of its integer range does the clipping for nothing. */
export function fuseActivation(graph: Graph): Graph {
  return rewrite(graph, (current, node) => {
    if (node.op !== 'activation') return undefined;
    const before = producerOf(current, node.inputs[0]);
    if (before === undefined || onlyConsumerOf(current, before.output) !== node) return undefined;
    if (!isWeighted(before) && before.op !== 'add') return undefined;
    if (before.activation !== 'none') return undefined;
    return mergeInto(current, before, node, { ...before, output: node.output, activation: node.activation });
  });
}
