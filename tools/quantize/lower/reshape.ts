import { integerAttribute, integersAttribute } from '../onnx/attributes.ts';
import type { OnnxNode } from '../onnx/graph.ts';
import { reshapedTo, unsqueezed } from '../onnx/reorder.ts';
import { type Binding, CHANNELS_FIRST, CHANNELS_LAST, type Lowering, outputOf, refuse, VECTOR } from './lowering.ts';
import { readRepeat } from './repeat.ts';

/** Flatten, Reshape, Squeeze and Unsqueeze: a picture to a vector, or a change of sides of 1. */
export function readReshape(lowering: Lowering, node: OnnxNode): void {
  if (readRepeat(lowering, node)) return;
  const input = lowering.input(node, 0);
  const from = lowering.onnxShape(input);
  const to = targetShape(lowering, node, from);
  const product = (shape: readonly number[]) => shape.reduce((all, side) => all * side, 1);
  if (product(from) !== product(to)) refuse(node, `[${from}] has not as many elements as [${to}]`);
  const rank = lowering.shape(input.value).length;
  if (rank === 4 && to.length === 2 && to[0] === 1) appendFlatten(lowering, node, input);
  else if (rank === 2 && to.length > 2 && Math.max(...to) === from[1]) appendPixel(lowering, node, input, to);
  else lowering.bind(node, { ...input, axes: movedAxes(node, from, to, { axes: input.axes, rank }) });
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
  const listedAxes = numbers ?? integersAttribute(node, 'axes', []);
  if (node.opType === 'Unsqueeze') return unsqueezed(from, listedAxes);
  const axes = listedAxes.map((axis) => (axis < 0 ? axis + from.length : axis));
  return from.filter((side, axis) => !(side === 1 && (axes.length === 0 || axes.includes(axis))));
}

/** A vector as a picture of one pixel, whose channels are where `to` has its length. */
function appendPixel(lowering: Lowering, node: OnnxNode, input: Binding, to: readonly number[]): void {
  if (input.flattened !== undefined) refuse(node, 'it makes a picture of a picture that was flattened');
  const channel = Math.max(
    1,
    to.findIndex((side) => side > 1),
  );
  const rest = [0, 1, 2];
  const axes = to.map((_, axis) => (axis === channel ? 3 : (rest.shift() ?? 0)));
  const common = { name: node.name, inputs: [input.value], output: outputOf(node) };
  lowering.append(node, { ...common, op: 'reshape', to: 'pixel' }, { axes });
}

function appendFlatten(lowering: Lowering, node: OnnxNode, input: Binding): void {
  const shape = lowering.shape(input.value);
  const [, height = 1, width = 1, channels = 1] = shape;
  const first = lowering.liesAs(input, CHANNELS_FIRST);
  const last = lowering.liesAs(input, CHANNELS_LAST);
  if (!first && !last && height * width > 1) refuse(node, 'it flattens a picture whose axes were mixed by a Transpose');
  const flattened = last || height * width === 1 || channels === 1 ? {} : { flattened: shape };
  const common = { name: node.name, inputs: [input.value], output: outputOf(node) };
  lowering.append(node, { ...common, op: 'reshape', to: 'vector' }, { axes: VECTOR, ...flattened });
}

/** The axes after a reshape that only moves, adds or takes out sides of 1; `rank` is that of the value itself. */
function movedAxes(
  node: OnnxNode,
  from: readonly number[],
  to: readonly number[],
  { axes, rank }: { readonly axes: readonly number[]; readonly rank: number },
): number[] {
  const large = (shape: readonly number[]) => shape.flatMap((side, axis) => (side === 1 ? [] : [axis]));
  const [before, after] = [large(from), large(to)];
  const sameSides = before.map((axis) => from[axis]).join() === after.map((axis) => to[axis]).join();
  if (!sameSides || to.length > rank) {
    refuse(node, `[${from}] to [${to}] is not possible; only a picture to a vector is`);
  }
  const kept = before.map((axis) => axes[axis] ?? 0);
  const free = Array.from({ length: rank }, (_, axis) => axis).filter((axis) => !kept.includes(axis));
  return to.map((side) => (side === 1 ? free.shift() : kept.shift()) ?? 0);
}

/** Transpose: no work, only another view of the same picture. */
export function readTranspose(lowering: Lowering, node: OnnxNode): void {
  if (readRepeat(lowering, node)) return;
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

/** Shape: known, since a station's pictures all have one size. */
export function readShape(lowering: Lowering, node: OnnxNode): void {
  const all = lowering.onnxShape(lowering.input(node, 0));
  const end = integerAttribute(node, 'end', all.length);
  const data = all.slice(integerAttribute(node, 'start', 0), end);
  lowering.define(node, { kind: 'integer', shape: [data.length], data });
}
