import { LinegateError } from '../../../agent/core/errors.ts';
import { type ConvNode, channelsOf, shapeOf } from '../ir/graph.ts';
import { wireNode } from '../onnx/nodes.ts';
import { ACTIVATION, PADDING } from '../tflite/builtins.ts';
import type { Operator } from './operator.ts';
import { padded, tflitePadding } from './tflite-window.ts';
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
    return [wireNode('Conv', node.name, [...inputs, weights, ...(bias ? [bias] : [])], output, attributes)];
  },

  toTflite(node, draft) {
    const [value = ''] = node.inputs;
    const { window, dilations } = node;
    const fit = tflitePadding(window, shapeOf(draft.graph, value), shapeOf(draft.graph, node.output), dilations);
    const input = fit === undefined ? padded(draft, node.name, value, window.pads) : draft.value(value);
    const inputs = [input, ...draft.layer(node)];
    const output = draft.value(node.output);
    const [strideH, strideW] = window.strides;
    const [dilationH, dilationW] = dilations;
    const activation = ACTIVATION[node.activation];
    const options = { padding: fit ?? PADDING.valid, strideW, strideH, activation, dilationW, dilationH };
    if (node.op === 'conv') draft.push({ builtin: 'CONV_2D', inputs, output, options });
    else draft.push({ builtin: 'DEPTHWISE_CONV_2D', inputs, output, options: { ...options, depthMultiplier: 1 } });
  },
};
