import { LinegateError } from '../../../agent/core/errors.ts';
import { integerAttribute, integersAttribute } from './attributes.ts';
import { foldArithmetic } from './fold-arithmetic.ts';
import { constantOfShape, gathered, listOf, sliced, turned } from './fold-lists.ts';
import { dequantised, quantised } from './fold-scales.ts';
import type { OnnxNode } from './graph.ts';
import { reshapedTo, transposed, unsqueezed } from './reorder.ts';
import { type Constant, elementCount } from './tensors.ts';

/** What `node` makes of inputs that are all known. Throws LinegateError 'bad-model' with the node's name when it cannot be said. */
export function foldNode(node: OnnxNode, inputs: readonly Constant[]): Constant {
  const [data, second] = inputs;
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
    case 'Transpose':
      return transpose(node, data);
    case 'Cast':
      return cast(node, data);
    case 'Gather':
      return gathered(node, inputs) ?? cannotFold(node);
    case 'Concat':
      return listOf(inputs.flatMap((one) => [...integersOf(node, one)]));
    case 'Slice':
      return sliced(node, inputs) ?? cannotFold(node);
    case 'ConstantOfShape':
      return constantOfShape(node, inputs) ?? cannotFold(node);
    case 'DequantizeLinear':
      return dequantised(node, inputs) ?? cannotFold(node);
    case 'QuantizeLinear':
      return quantised(node, inputs) ?? cannotFold(node);
    case 'Add':
    case 'Sub':
    case 'Mul':
    case 'Div':
      return foldArithmetic(node, data, second ?? cannotFold(node)) ?? cannotFold(node);
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

function transpose(node: OnnxNode, data: Constant): Constant {
  const backwards = data.shape.map((_, axis) => data.shape.length - 1 - axis);
  const perm = integersAttribute(node, 'perm', backwards);
  const sound = new Set(perm).size === backwards.length && perm.every((axis) => backwards.includes(axis));
  if (!sound || perm.length !== backwards.length || data.kind === 'byte') return cannotFold(node);
  return data.kind === 'integer' ? turned(data, perm) : { ...data, ...transposed(data.data, data.shape, perm) };
}

function axesOf(node: OnnxNode, second: Constant | undefined): readonly number[] {
  return second === undefined ? integersAttribute(node, 'axes', []) : integersOf(node, second);
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
