import { LinegateError } from '../../../agent/core/errors.ts';
import { foldNode } from '../onnx/fold.ts';
import type { OnnxGraph } from '../onnx/graph.ts';

/** Replaces nodes whose inputs are all known by their result: constants that an exporter wrote in steps. */
export function foldConstants(graph: OnnxGraph): OnnxGraph {
  const constants = new Map(graph.constants);
  const nodes = graph.nodes.filter((node) => {
    const inputs = node.inputs.filter((input) => input !== '').map((input) => constants.get(input));
    const [output] = node.outputs;
    if (output === undefined || !inputs.every((input) => input !== undefined)) return true;
    constants.set(output, foldNode(node, inputs));
    return false;
  });
  if (!constants.has(graph.output)) return { ...graph, nodes, constants };
  throw new LinegateError('bad-model', 'The scores of the model do not depend on its input; export it again.');
}
