import { LinegateError } from '../../../agent/core/errors.ts';
import { integerAttribute, integersAttribute } from '../onnx/attributes.ts';
import type { OnnxGraph, OnnxNode } from '../onnx/graph.ts';
import { reshapedTo, transposed } from '../onnx/reorder.ts';
import { type Constant, elementCount } from '../onnx/tensors.ts';

/** Replaces nodes whose inputs are all known by their result: constants that an exporter wrote in steps. */
export function foldConstants(graph: OnnxGraph): OnnxGraph {
  const constants = new Map(graph.constants);
  const nodes = graph.nodes.filter((node) => {
    const inputs = node.inputs.filter((input) => input !== '').map((input) => constants.get(input));
    const [output] = node.outputs;
    if (output === undefined || !inputs.every((input) => input !== undefined)) return true;
    constants.set(output, folded(node, inputs));
    return false;
  });
  if (!constants.has(graph.output)) return { ...graph, nodes, constants };
  throw new LinegateError('bad-model', 'The scores of the model do not depend on its input; export it again.');
}

function folded(node: OnnxNode, [data, second]: readonly Constant[]): Constant {
  if (node.opType === 'Constant') return constantNode(node);
  if (data === undefined) return cannotFold(node);
  const shape = data.shape;
  switch (node.opType) {
    case 'Reshape':
      return { ...data, shape: checked(node, data, reshapedTo(shape, integersOf(node, second))) };
    case 'Squeeze':
      return { ...data, shape: shape.filter((side) => side !== 1) };
    case 'Unsqueeze':
      return { ...data, shape: unsqueezed(shape, axesOf(node, second)) };
    case 'Transpose': {
      const perm = integersAttribute(
        node,
        'perm',
        shape.map((_, axis) => shape.length - 1 - axis),
      );
      if (data.kind === 'integer') return cannotFold(node);
      return { ...data, ...transposed(data.data, shape, perm) };
    }
    case 'Cast':
      return cast(node, data);
    default:
      return cannotFold(node);
  }
}

function constantNode(node: OnnxNode): Constant {
  const value = node.attributes.get('value');
  if (typeof value === 'object' && 'kind' in value) return value;
  const float = node.attributes.get('value_float');
  if (typeof float === 'number') return { kind: 'float', shape: [], data: Float32Array.of(float) };
  const integers = node.attributes.get('value_ints') ?? node.attributes.get('value_int');
  if (typeof integers === 'number') return { kind: 'integer', shape: [], data: [integers] };
  if (Array.isArray(integers)) return { kind: 'integer', shape: [integers.length], data: integers };
  return cannotFold(node);
}

function cast(node: OnnxNode, data: Constant): Constant {
  const toFloat = integerAttribute(node, 'to', 0) === 1;
  if (data.kind === 'float') return toFloat ? data : cannotFold(node);
  return toFloat ? { kind: 'float', shape: data.shape, data: Float32Array.from(data.data) } : data;
}

function axesOf(node: OnnxNode, second: Constant | undefined): readonly number[] {
  return second === undefined ? integersAttribute(node, 'axes', []) : integersOf(node, second);
}

function unsqueezed(shape: readonly number[], axes: readonly number[]): number[] {
  const rank = shape.length + axes.length;
  const added = new Set(axes.map((axis) => (axis < 0 ? axis + rank : axis)));
  const rest = [...shape];
  return Array.from({ length: Math.min(rank, 8) }, (_, axis) => (added.has(axis) ? 1 : (rest.shift() ?? 1)));
}

function checked(node: OnnxNode, data: Constant, shape: readonly number[]): readonly number[] {
  return elementCount(shape, `The result of node "${node.name}"`) === data.data.length ? shape : cannotFold(node);
}

function integersOf(node: OnnxNode, constant: Constant | undefined): readonly number[] {
  return constant?.kind === 'integer' ? constant.data : cannotFold(node);
}

function cannotFold(node: OnnxNode): never {
  throw new LinegateError(
    'bad-model',
    `Node "${node.name}" (${node.opType}) works on constants in a way that is not read; simplify the model before export.`,
  );
}
