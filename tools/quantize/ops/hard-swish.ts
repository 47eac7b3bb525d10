import type { HardSwishNode } from '../ir/graph.ts';
import { wireNode } from '../onnx/nodes.ts';
import type { Operator } from './operator.ts';

/** x * relu6(x + 3) / 6. */
export const hardSwish: Operator<HardSwishNode> = {
  outputScale: 'own',
  outputShape: (_node, [input = []]) => input,
  toOnnx: (node, { inputs, output }) => [wireNode('HardSwish', node.name, inputs, output)],
  toTflite(node, draft) {
    const inputs = [draft.value(node.inputs[0] ?? '')];
    draft.push({ builtin: 'HARD_SWISH', inputs, output: draft.value(node.output), options: {} });
  },
};
