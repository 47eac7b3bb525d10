import { type ConvNode, type Graph, type Node, type PoolNode, shapeOf } from '../ir/graph.ts';

const NO_PADS = { top: 0, left: 0, bottom: 0, right: 0 };

/** A convolution with more weights would cost more room than the layer that it spares. */
const MOST_WEIGHTS = 4096;

/**
 * Writes the mean of a whole picture as a depthwise convolution with equal weights; that of a large one as the mean of every row, and such
 * a convolution down the columns. A pool cannot rescale, so a mean, whose range is much smaller than its input's, would be held by
 * a few steps only; the convolution has a scale of its own. `mostWeights` is the most that one convolution may have.
 */
export function meanToConvolution(graph: Graph, mostWeights = MOST_WEIGHTS): Graph {
  if (!graph.nodes.some((node) => isMean(graph, node))) return graph;
  const shapes = new Map(graph.shapes);
  const nodes = graph.nodes.flatMap((node): Node[] => {
    if (!isMean(graph, node)) return [node];
    const [value = ''] = node.inputs;
    const [, height = 1, width = 1, channels = 1] = shapeOf(graph, value);
    const isLarge = height * width * channels > mostWeights;
    if (!isLarge || width === 1 || height === 1) return [convolution(node, value, [height, width], channels)];
    const between = `${node.output}/rows`;
    shapes.set(between, [1, height, 1, channels]);
    return [
      {
        ...node,
        name: `${node.name}/rows`,
        output: between,
        window: { kernel: [1, width], strides: [1, 1], pads: NO_PADS },
      },
      convolution(node, between, [height, 1], channels),
    ];
  });
  return { ...graph, nodes, shapes };
}

/** Whether a node takes the mean of a whole picture of more than a pixel. */
function isMean(graph: Graph, node: Node): node is PoolNode {
  if (node.op !== 'average-pool') return false;
  const [, height = 1, width = 1] = shapeOf(graph, node.inputs[0] ?? '');
  const { kernel, pads } = node.window;
  const padded = pads.top + pads.left + pads.bottom + pads.right > 0;
  return kernel[0] === height && kernel[1] === width && height * width > 1 && !padded;
}

function convolution(
  { name, output }: PoolNode,
  input: string,
  kernel: readonly [number, number],
  channels: number,
): ConvNode {
  const places = kernel[0] * kernel[1];
  return {
    op: 'depthwise',
    name,
    inputs: [input],
    output,
    window: { kernel, strides: [1, 1], pads: NO_PADS },
    dilations: [1, 1],
    weights: new Float32Array(channels * places).fill(1 / places),
    weightShape: [1, ...kernel, channels],
    bias: new Float32Array(channels),
    activation: 'none',
  };
}
