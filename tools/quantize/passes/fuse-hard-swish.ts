import {
  type ActivationNode,
  type AffineNode,
  type Graph,
  type MulNode,
  type Node,
  onlyConsumerOf,
  producerOf,
} from '../ir/graph.ts';
import { rewrite } from './rewrite.ts';

const CLOSE = 1e-4;

/**
 * Finds x * relu6(x + 3) / 6, however an exporter has spelled it: HardSigmoid and Mul, or Add, Clip and Mul, with the division by 6
 * before or behind the product.
 */
export function fuseHardSwish(graph: Graph): Graph {
  return rewrite(graph, (current, node) => (node.op === 'mul' ? fused(current, node) : undefined));
}

function fused(graph: Graph, product: MulNode): Graph | undefined {
  const [left = '', right = ''] = product.inputs;
  return gatedBy(graph, product, left, right) ?? gatedBy(graph, product, right, left);
}

/** The graph with `product` replaced, when `gate` is made of `value` in this way. */
function gatedBy(graph: Graph, product: MulNode, value: string, gate: string): Graph | undefined {
  const made = producerOf(graph, gate);
  const sixth = isAffine(made, 1 / 6, 0) ? made : undefined;
  const behind = onlyConsumerOf(graph, product.output);
  const end = sixth === undefined ? behind : product;
  const limit = sixth === undefined ? made : producerOf(graph, sixth.inputs[0]);
  const shift = isRelu6(limit) ? producerOf(graph, limit.inputs[0]) : undefined;
  if (limit === undefined || end === undefined || !isAffine(shift, 1, 3) || shift.inputs[0] !== value) return undefined;
  if (end !== product && !isAffine(end, 1 / 6, 0)) return undefined;
  const gone = [shift, limit, sixth ?? product];
  const alone = gone.every((node) => onlyConsumerOf(graph, node.output) !== undefined);
  return alone ? replaced(graph, gone, end, value) : undefined;
}

/** The graph without `gone`, with a HardSwish of `value` in the place of `end`. */
function replaced(graph: Graph, gone: readonly Node[], end: Node, value: string): Graph {
  const { name, output } = end;
  const shapes = new Map(graph.shapes);
  for (const node of gone) shapes.delete(node.output);
  const nodes = graph.nodes
    .filter((node) => !gone.includes(node))
    .map((node): Node => (node === end ? { op: 'hard-swish', name, inputs: [value], output } : node));
  return { ...graph, nodes, shapes };
}

function isAffine(node: Node | undefined, scale: number, shift: number): node is AffineNode {
  if (node?.op !== 'affine') return false;
  const close = (numbers: Float32Array, to: number) => numbers.every((one) => Math.abs(one - to) < CLOSE);
  return close(node.scale, scale) && close(node.shift, shift);
}

function isRelu6(node: Node | undefined): node is ActivationNode {
  return node?.op === 'activation' && node.activation === 'relu6';
}
