import { LinegateError } from '../../../agent/core/errors.ts';
import { isReadable, readableOperators } from '../lower/readers.ts';
import type { OnnxGraph } from '../onnx/graph.ts';

const help: Readonly<Record<string, string>> = {
  Tanh: 'use Relu inside the network and Softmax at its end',
  Gelu: 'use HardSwish, or Sigmoid and Mul, instead',
  Erf: 'use HardSwish, or Sigmoid and Mul, instead of Gelu',
  LeakyRelu: 'use Relu instead',
  PRelu: 'use Relu instead',
  LayerNormalization: 'use BatchNormalization instead',
  InstanceNormalization: 'use BatchNormalization instead',
  QLinearConv: 'give the float model, or the quantised one in QDQ form',
  DynamicQuantizeLinear: 'give the float model, or one that was quantised statically',
};

/** Refuses a graph with an operator that cannot be quantised yet; gives it back unchanged. */
export function checkOperators(graph: OnnxGraph): OnnxGraph {
  const node = graph.nodes.find(({ opType }) => !isReadable(opType));
  if (node === undefined) return graph;
  const hint = help[node.opType] ?? `build the network from ${readableOperators().join(', ')}`;
  throw new LinegateError(
    'bad-model',
    `Node "${node.name}": the operator ${node.opType} cannot be quantised; ${hint}.`,
  );
}
