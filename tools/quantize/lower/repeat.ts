import { integersAttribute } from '../onnx/attributes.ts';
import type { OnnxNode } from '../onnx/graph.ts';
import { reshapedTo } from '../onnx/reorder.ts';
import { type Binding, type Lowering, outputOf, refuse } from './lowering.ts';

/*
 * Keras enlarges a picture by whole factors as NumPy's `repeat`: Unsqueeze puts a side of 1 behind rows or columns, Tile copies along
 * it, Reshape puts the copies and their side together.
 */

/** Reads an Unsqueeze, Transpose or Reshape of this kind; false when `node` is of another. */
export function readRepeat(lowering: Lowering, node: OnnxNode): boolean {
  const input = lowering.raw(node, 0);
  if (node.opType === 'Unsqueeze') return input !== undefined && beginRepeat(lowering, node, input);
  if (input?.repeated === undefined) return false;
  if (node.opType === 'Transpose') return turnRepeat(lowering, node, input, input.repeated);
  return node.opType === 'Reshape' && endRepeat(lowering, node, input, input.repeated);
}

/** A Transpose that leaves the copies behind the side that they are of. */
function turnRepeat(
  lowering: Lowering,
  node: OnnxNode,
  input: Binding,
  { axis, times }: { readonly axis: number; readonly times: number },
): boolean {
  const copies = axis + 1;
  const perm = integersAttribute(node, 'perm', []);
  const at = perm.indexOf(axis);
  const sound = perm.length === 5 && new Set(perm).size === 5 && perm.every((from) => from >= 0 && from < 5);
  if (!sound || perm[0] !== 0 || perm[at + 1] !== copies) refuse(node, 'it takes copies away from their side');
  const axes = perm.filter((from) => from !== copies).map((from) => input.axes[from > copies ? from - 1 : from] ?? 0);
  lowering.bind(node, { ...input, axes, repeated: { axis: at, times } });
  return true;
}

function beginRepeat(lowering: Lowering, node: OnnxNode, input: Binding): boolean {
  const constant = lowering.constant(node, 1);
  const listed = constant?.kind === 'integer' ? constant.data : node.attributes.get('axes');
  const [behind = 0, ...others] = Array.isArray(listed) ? listed : [];
  const axis = (behind < 0 ? behind + input.axes.length + 1 : behind) - 1;
  if (others.length > 0 || input.axes.length !== 4 || axis < 1 || axis > 3) return false;
  lowering.bind(node, { ...input, repeated: { axis, times: 1 } });
  return true;
}

/** Tile: copies along the side that was put in. */
export function readTile(lowering: Lowering, node: OnnxNode): void {
  const input = lowering.raw(node, 0);
  const constant = lowering.constant(node, 1);
  const repeats = constant?.kind === 'integer' ? constant.data : [];
  const axis = input?.repeated?.axis ?? 0;
  const alone = repeats.length === 5 && repeats.every((times, i) => times >= 1 && (times === 1 || i === axis + 1));
  if (input?.repeated === undefined || !alone) refuse(node, 'only copies that enlarge a picture are possible');
  else lowering.bind(node, { ...input, repeated: { axis, times: repeats[axis + 1] ?? 1 } });
}

function endRepeat(
  lowering: Lowering,
  node: OnnxNode,
  { value, axes }: Binding,
  { axis, times }: { readonly axis: number; readonly times: number },
): boolean {
  const from = lowering.onnxShape({ value, axes });
  const put = from.toSpliced(axis + 1, 0, times);
  const constant = lowering.constant(node, 1);
  const target = reshapedTo(put, constant?.kind === 'integer' ? constant.data : []);
  const wanted = from.with(axis, (from[axis] ?? 1) * times);
  const along = axes[axis];
  if (target.join() !== wanted.join() || (along !== 1 && along !== 2)) {
    refuse(node, `its copies do not make rows or columns of [${from}] longer`);
  }
  const [, height = 1, width = 1] = lowering.shape(value);
  const size = along === 1 ? ([height * times, width] as const) : ([height, width * times] as const);
  const common = { name: node.name, inputs: [value], output: outputOf(node) };
  lowering.append(node, { ...common, op: 'resize-nearest', size, halfPixelCentres: false }, { axes });
  return true;
}
