import { integerAttribute, integersAttribute } from '../onnx/attributes.ts';
import type { OnnxNode } from '../onnx/graph.ts';
import { reshapedTo } from '../onnx/reorder.ts';
import { type Binding, CHANNELS_FIRST, CHANNELS_LAST, type Lowering, outputOf, refuse, VECTOR } from './lowering.ts';

/** Flatten, Reshape and Squeeze: a picture to a vector, or a change of sides of 1. */
export function readReshape(lowering: Lowering, node: OnnxNode): void {
  const input = lowering.input(node, 0);
  const from = lowering.onnxShape(input);
  const to = targetShape(lowering, node, from);
  const product = (shape: readonly number[]) => shape.reduce((all, side) => all * side, 1);
  if (product(from) !== product(to)) refuse(node, `[${from}] has not as many elements as [${to}]`);
  if (from.length === 4 && to.length === 2 && to[0] === 1) appendFlatten(lowering, node, input);
  else lowering.bind(node, { ...input, axes: movedAxes(node, from, to, input.axes) });
}

function targetShape(lowering: Lowering, node: OnnxNode, from: readonly number[]): number[] {
  if (node.opType === 'Flatten') {
    const axis = integerAttribute(node, 'axis', 1);
    const split = axis < 0 ? axis + from.length : axis;
    return [from.slice(0, split), from.slice(split)].map((sides) => sides.reduce((all, side) => all * side, 1));
  }
  const listed = lowering.constant(node, 1);
  const numbers = listed?.kind === 'integer' ? listed.data : undefined;
  if (node.opType === 'Reshape') {
    return reshapedTo(from, numbers ?? refuse(node, 'its target shape is not stored in the file'));
  }
  const axes = (numbers ?? integersAttribute(node, 'axes', [])).map((axis) => (axis < 0 ? axis + from.length : axis));
  return from.filter((side, axis) => !(side === 1 && (axes.length === 0 || axes.includes(axis))));
}

function appendFlatten(lowering: Lowering, node: OnnxNode, input: Binding): void {
  const first = lowering.liesAs(input, CHANNELS_FIRST);
  const last = lowering.liesAs(input, CHANNELS_LAST);
  if (!first && !last) refuse(node, 'it flattens a picture whose axes were mixed by a Transpose');
  const shape = lowering.shape(input.value);
  const [, height = 1, width = 1, channels = 1] = shape;
  const flattened = last || height * width === 1 || channels === 1 ? {} : { flattened: shape };
  const common = { name: node.name, inputs: [input.value], output: outputOf(node) };
  lowering.append(node, { ...common, op: 'reshape' }, { axes: VECTOR, ...flattened });
}

/** The axes after a reshape that only moves sides of 1. */
function movedAxes(node: OnnxNode, from: readonly number[], to: readonly number[], axes: readonly number[]): number[] {
  const large = (shape: readonly number[]) => shape.flatMap((side, axis) => (side === 1 ? [] : [axis]));
  const [before, after] = [large(from), large(to)];
  const sameSides = before.map((axis) => from[axis]).join() === after.map((axis) => to[axis]).join();
  if (!sameSides || from.length !== to.length) {
    refuse(node, `[${from}] to [${to}] is not possible; only a picture to a vector is`);
  }
  const kept = before.map((axis) => axes[axis] ?? 0);
  const free = axes.filter((axis) => !kept.includes(axis));
  return to.map((side) => (side === 1 ? free.shift() : kept.shift()) ?? 0);
}

/** Transpose: no work, only another view of the same picture. */
export function readTranspose(lowering: Lowering, node: OnnxNode): void {
  const input = lowering.input(node, 0);
  const rank = input.axes.length;
  const perm = integersAttribute(
    node,
    'perm',
    input.axes.map((_, axis) => rank - 1 - axis),
  );
  const valid = perm.length === rank && new Set(perm).size === rank && perm.every((axis) => axis >= 0 && axis < rank);
  if (!valid || perm[0] !== 0) refuse(node, `the order of axes [${perm}] is not possible`);
  lowering.bind(node, { ...input, axes: perm.map((axis) => input.axes[axis] ?? 0) });
}

/** Softmax over the labels. */
export function readSoftmax(lowering: Lowering, node: OnnxNode): void {
  const { value, flattened } = lowering.input(node, 0);
  const axis = integerAttribute(node, 'axis', lowering.opset < 13 ? 1 : -1);
  if (lowering.shape(value).length !== 2 || flattened !== undefined || (axis !== 1 && axis !== -1)) {
    refuse(node, 'only a Softmax over a vector of scores is possible');
  }
  lowering.append(node, { op: 'softmax', name: node.name, inputs: [value], output: outputOf(node) }, { axes: VECTOR });
}
