import { type ConvNode, type Graph, mergeInto, onlyConsumerOf, type PadNode } from '../ir/graph.ts';
import { rewrite } from './rewrite.ts';

/** Moves zeros around a picture into the convolution behind them, which pads with zeros itself. */
export function absorbPads(graph: Graph): Graph {
  return rewrite(graph, (current, node) => {
    if (node.op !== 'pad') return undefined;
    const behind = onlyConsumerOf(current, node.output);
    if (behind?.op !== 'conv' && behind?.op !== 'depthwise') return undefined;
    return mergeInto(current, node, behind, padded(node, behind));
  });
}

function padded({ inputs, pads }: PadNode, conv: ConvNode): ConvNode {
  const own = conv.window.pads;
  const sum = {
    top: own.top + pads.top,
    left: own.left + pads.left,
    bottom: own.bottom + pads.bottom,
    right: own.right + pads.right,
  };
  return { ...conv, inputs, window: { ...conv.window, pads: sum } };
}
