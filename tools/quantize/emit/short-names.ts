import type { WireGraph, WireNode } from '../onnx/schema.ts';

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** Their nodes need no name: nobody asks for them. */
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
    const name = digits(next++);
    return taken.has(name) ? fresh() : name;
  };
  const short = (name: string): string => {
    const known = names.get(name) ?? fresh();
    names.set(name, known);
    return known;
  };
  const renamed = (node: WireNode): WireNode => ({
    ...node,
    name: CONVERSIONS.includes(node.opType) ? '' : node.name,
    input: node.input.map(short),
    output: node.output.map(short),
  });
  return {
    ...graph,
    node: graph.node.map(renamed),
    initializer: graph.initializer.map((tensor) => ({ ...tensor, name: short(tensor.name) })),
  };
}

function digits(number: number): string {
  const rest = Math.floor(number / DIGITS.length);
  return (rest > 0 ? digits(rest) : '') + (DIGITS[number % DIGITS.length] ?? '');
}
