import type { OnnxGraph } from '../onnx/graph.ts';

const DOES_NOTHING = new Set(['Identity', 'Dropout']);

/** Takes out nodes that hand their first input on unchanged when a model is used (not trained). */
export function dropIdentity(graph: OnnxGraph): OnnxGraph {
  const standsFor = new Map<string, string>();
  const nameOf = (value: string) => standsFor.get(value) ?? value;
  const nodes: OnnxGraph['nodes'][number][] = [];
  for (const node of graph.nodes) {
    const inputs = node.inputs.map(nameOf);
    const [output] = node.outputs;
    if (DOES_NOTHING.has(node.opType) && output !== undefined && inputs[0] !== undefined) {
      standsFor.set(output, inputs[0]);
    } else {
      nodes.push({ ...node, inputs });
    }
  }
  return { ...graph, nodes, output: nameOf(graph.output) };
}
