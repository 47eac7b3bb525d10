import { LinegateError } from '../../../agent/core/errors.ts';
import { channelsOf, type PoolNode, type Shape, shapeOf } from '../ir/graph.ts';
import { wireNode } from '../onnx/nodes.ts';
import { ACTIVATION, PADDING } from '../tflite/builtins.ts';
import type { Operator } from './operator.ts';
import { padded, tflitePadding } from './tflite-window.ts';
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

  toTflite(node, draft) {
    const [value = ''] = node.inputs;
    const { window } = node;
    const fit = tflitePadding(window, shapeOf(draft.graph, value), shapeOf(draft.graph, node.output));
    if (fit === undefined && node.op === 'average-pool') {
      throw new LinegateError(
        'bad-model',
        `Node "${node.name}": TFLite cannot average in a padded window of this kind; pad as "same" or not at all.`,
      );
    }
    // The least integer never wins a maximum.
    const input = fit === undefined ? padded(draft, node.name, value, window.pads, LEAST) : draft.value(value);
    const [strideH, strideW] = window.strides;
    const [filterH, filterW] = window.kernel;
    const options = { padding: fit ?? PADDING.valid, strideW, strideH, filterW, filterH, activation: ACTIVATION.none };
    const builtin = node.op === 'max-pool' ? 'MAX_POOL_2D' : 'AVERAGE_POOL_2D';
    draft.push({ builtin, inputs: [input], output: draft.value(node.output), options });
  },
};

const LEAST = -128;

function coversAll({ window }: PoolNode, input: Shape): boolean {
  const padded = onnxPads(window.pads).some((side) => side > 0);
  return !padded && window.kernel[0] === input[1] && window.kernel[1] === input[2];
}
