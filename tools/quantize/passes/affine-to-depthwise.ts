import { type AffineNode, type ConvNode, type Graph, type Node, shapeOf } from '../ir/graph.ts';

/**
 * Writes a factor and a shift a channel that no layer could take in as a 1 x 1 depthwise convolution; a vector becomes a picture of one
 * pixel for it.
 */
export function affineToDepthwise(graph: Graph): Graph {
  const shapes = new Map(graph.shapes);
  const nodes = graph.nodes.flatMap((node): Node[] => {
    if (node.op !== 'affine') return [node];
    if (shapeOf(graph, node.output).length === 4) return [depthwise(node)];
    const { name, inputs, output, scale } = node;
    const [pixel, scaled] = [`${output}/pixel`, `${output}/scaled`];
    for (const value of [pixel, scaled]) shapes.set(value, [1, 1, 1, scale.length]);
    return [
      { op: 'reshape', name: `${name}/pixel`, inputs, output: pixel, to: 'pixel' },
      depthwise({ ...node, inputs: [pixel], output: scaled }),
      { op: 'reshape', name: `${name}/vector`, inputs: [scaled], output, to: 'vector' },
    ];
  });
  return { ...graph, nodes, shapes };
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
