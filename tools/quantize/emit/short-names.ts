import type { WireGraph, WireNode } from '../onnx/schema.ts';

const RADIX = 36;
/** Their nodes are named by nobody else's work. */
const CONVERSIONS = ['QuantizeLinear', 'DequantizeLinear'];

/**
 * The graph with short names for all that nobody outside asks for: in a small network the long ones are an eighth of the file.
 * Inputs, outputs and the nodes that do the work keep theirs.
 */
export function withShortNames(graph: WireGraph): WireGraph {
  const names = new Map([...graph.input, ...graph.output, { name: '' }].map(({ name }) => [name, name]));
  const taken = new Set([...names.keys(), ...graph.node.map(({ name }) => name)]);
  let next = 0;
  const fresh = (): string => {
    const name = (next++).toString(RADIX);
    return taken.has(name) ? fresh() : name;
  };
  const short = (name: string): string => {
    const known = names.get(name) ?? fresh();
    names.set(name, known);
    return known;
  };
  const renamed = (node: WireNode): WireNode => ({
    ...node,
    name: CONVERSIONS.includes(node.opType) ? short(node.name) : node.name,
    input: node.input.map(short),
    output: node.output.map(short),
  });
  return {
    ...graph,
    node: graph.node.map(renamed),
    initializer: graph.initializer.map((tensor) => ({ ...tensor, name: short(tensor.name) })),
  };
}
