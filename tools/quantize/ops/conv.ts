import { LinegateError } from '../../../agent/core/errors.ts';
import { type ConvNode, channelsOf } from '../ir/graph.ts';
import { wireNode } from '../onnx/nodes.ts';
import type { Operator } from './operator.ts';
import { onnxPads, windowOutput } from './window.ts';

/** Dense and depthwise convolution. */
export const conv: Operator<ConvNode> = {
  outputScale: 'own',

  outputShape(node, [input = []]) {
    const [outputs = 0, , , perOutput = 0] = node.weightShape;
    const depthwise = node.op === 'depthwise';
    if (input.length !== 4 || channelsOf(input) !== perOutput) {
      throw new LinegateError(
        'bad-model',
        `Node "${node.name}": its weights are for ${perOutput} channels, its input is [${input}].`,
      );
    }
    return [1, ...windowOutput(node.name, node.window, input, node.dilations), depthwise ? perOutput : outputs];
  },

  toOnnx(node, { inputs, weights, bias, output }) {
    const attributes = {
      kernel_shape: node.window.kernel,
      strides: node.window.strides,
      pads: onnxPads(node.window.pads),
      dilations: node.dilations,
      group: node.op === 'depthwise' ? channelsOf(node.weightShape) : 1,
    };
    return [wireNode('Conv', node.name, [...inputs, weights, bias], output, attributes)];
  },
};
