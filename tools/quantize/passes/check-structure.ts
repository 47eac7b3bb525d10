import { LinegateError } from '../../../agent/core/errors.ts';
import type { OnnxGraph } from '../onnx/graph.ts';

/** Refuses a graph with loops, values out of nowhere or values made twice; gives it back unchanged. */
export function checkStructure(graph: OnnxGraph): OnnxGraph {
  const known = new Set([graph.input.name, ...graph.constants.keys()]);
  for (const node of graph.nodes) {
    // An empty name stands for an optional input that is left out.
    const unknown = node.inputs.find((input) => input !== '' && !known.has(input));
    if (unknown !== undefined) {
      throw new LinegateError(
        'bad-model',
        `Node "${node.name}" (${node.opType}) reads "${unknown}", which nothing before it makes; the graph is damaged or has a loop.`,
      );
    }
    for (const output of node.outputs) {
      if (output !== '' && known.has(output)) {
        throw new LinegateError('bad-model', `Node "${node.name}" (${node.opType}) makes "${output}" a second time.`);
      }
      known.add(output);
    }
  }
  if (known.has(graph.output)) return graph;
  throw new LinegateError('bad-model', `Nothing makes the model's output "${graph.output}"; export it again.`);
}
