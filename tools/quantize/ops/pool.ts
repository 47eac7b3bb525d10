import { LinegateError } from '../../../agent/core/errors.ts';
import { channelsOf, type PoolNode, type Shape, shapeOf } from '../ir/graph.ts';
import { wireNode } from '../onnx/nodes.ts';
import type { Operator } from './operator.ts';
import { onnxPads, windowOutput } from './window.ts';

/** Average and maximum in a window. TFLite's pools cannot change the scale, so ours do not. */
export const pool: Operator<PoolNode> = {
  outputScale: 'as-input',

  outputShape(node, [input = []]) {
    if (input.length === 4) return [1, ...windowOutput(node.name, node.window, input), channelsOf(input)];
    throw new LinegateError('bad-model', `Node "${node.name}": a pool needs a picture, it gets the shape [${input}].`);
  },

  toOnnx(node, { inputs, output }, graph) {
    const input = shapeOf(graph, node.inputs[0] ?? '');
    if (node.op === 'average-pool' && coversAll(node, input)) {
      return [wireNode('GlobalAveragePool', node.name, inputs, output)];
    }
    const attributes = {
      kernel_shape: node.window.kernel,
      strides: node.window.strides,
      pads: onnxPads(node.window.pads),
    };
    return [wireNode(node.op === 'max-pool' ? 'MaxPool' : 'AveragePool', node.name, inputs, output, attributes)];
  },
};

function coversAll({ window }: PoolNode, input: Shape): boolean {
  const padded = onnxPads(window.pads).some((side) => side > 0);
  return !padded && window.kernel[0] === input[1] && window.kernel[1] === input[2];
}
