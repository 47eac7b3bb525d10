import { type AffineNode, type ConvNode, type Graph, shapeOf } from '../ir/graph.ts';

/** Writes a factor and a shift a channel that no layer could take in as a 1 x 1 depthwise convolution. */
export function affineToDepthwise(graph: Graph): Graph {
  const isPicture = (node: AffineNode) => shapeOf(graph, node.output).length === 4;
  const nodes = graph.nodes.map((node) => (node.op === 'affine' && isPicture(node) ? depthwise(node) : node));
  return { ...graph, nodes };
}

function depthwise({ name, inputs, output, scale, shift }: AffineNode): ConvNode {
  return {
    op: 'depthwise',
    name,
    inputs,
    output,
    window: { kernel: [1, 1], strides: [1, 1], pads: { top: 0, left: 0, bottom: 0, right: 0 } },
    dilations: [1, 1],
    weights: scale,
    weightShape: [1, 1, 1, scale.length],
    bias: shift,
    activation: 'none',
  };
}
