import type { SigmoidNode } from '../ir/graph.ts';
import { wireNode } from '../onnx/nodes.ts';
import type { Operator } from './operator.ts';

/** 1 / (1 + exp(-x)); TFLite's int8 LOGISTIC always gives steps of 1/256 from zero. */
export const sigmoid: Operator<SigmoidNode> = {
  outputScale: 'unit',
  outputShape: (_node, [input = []]) => input,
  toOnnx: (node, { inputs, output }) => [wireNode('Sigmoid', node.name, inputs, output)],
  toTflite(node, draft) {
    const inputs = [draft.value(node.inputs[0] ?? '')];
    draft.push({ builtin: 'LOGISTIC', inputs, output: draft.value(node.output), options: {} });
  },
};
