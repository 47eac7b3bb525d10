import { LinegateError } from '../../../agent/core/errors.ts';
import { channelsOf, type MulNode, type Shape } from '../ir/graph.ts';
import { wireNode } from '../onnx/nodes.ts';
import { ACTIVATION } from '../tflite/builtins.ts';
import type { Operator } from './operator.ts';

/** The product of two values; a picture may meet a factor a channel, as in squeeze-and-excite. */
export const mul: Operator<MulNode> = {
  outputScale: 'own',
  outputShape(node, [left = [], right = []]) {
    if (left.join() === right.join() || isFactorOf(right, left)) return left;
    if (isFactorOf(left, right)) return right;
    throw new LinegateError(
      'bad-model',
      `Node "${node.name}": it multiplies [${left}] and [${right}]; equal shapes or one factor a channel are needed.`,
    );
  },
  toOnnx: (node, { inputs, output }) => [wireNode('Mul', node.name, inputs, output)],
  toTflite(node, draft) {
    const inputs = node.inputs.map((value) => draft.value(value));
    const options = { activation: ACTIVATION.none };
    draft.push({ builtin: 'MUL', inputs, output: draft.value(node.output), options });
  },
};

function isFactorOf(factor: Shape, picture: Shape): boolean {
  return picture.length === 4 && factor.join() === [1, 1, 1, channelsOf(picture)].join();
}
