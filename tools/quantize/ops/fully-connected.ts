import { LinegateError } from '../../../agent/core/errors.ts';
import type { FullyConnectedNode } from '../ir/graph.ts';
import { wireNode } from '../onnx/nodes.ts';
import { ACTIVATION } from '../tflite/builtins.ts';
import type { Operator } from './operator.ts';

/** Every output from every input. */
export const fullyConnected: Operator<FullyConnectedNode> = {
  outputScale: 'own',

  outputShape(node, [input = []]) {
    const [outputs = 0, length = 0] = node.weightShape;
    if (input.length === 2 && input[1] === length) return [1, outputs];
    throw new LinegateError(
      'bad-model',
      `Node "${node.name}": its weights are for ${length} inputs, it gets the shape [${input}].`,
    );
  },

  toOnnx(node, { inputs, weights, bias, output }) {
    return [wireNode('Gemm', node.name, [...inputs, weights, ...(bias ? [bias] : [])], output, { transB: 1 })];
  },

  toTflite(node, draft) {
    const inputs = [draft.value(node.inputs[0] ?? ''), ...draft.layer(node)];
    const options = { activation: ACTIVATION[node.activation] };
    draft.push({ builtin: 'FULLY_CONNECTED', inputs, output: draft.value(node.output), options });
  },
};
