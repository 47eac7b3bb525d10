import { textAttribute } from '../onnx/attributes.ts';
import type { OnnxNode } from '../onnx/graph.ts';
import { nearestPlace } from '../ops/resize.ts';
import { CHANNELS_FIRST, type Lowering, outputOf, refuse } from './lowering.ts';

/** The longest side that a device has the memory for. */
const LARGEST_SIDE = 8192;

/** Resize (and Upsample before opset 10) to the nearest pixel. */
export function readResize(lowering: Lowering, node: OnnxNode): void {
  const input = lowering.picture(node, 0);
  if (textAttribute(node, 'mode', 'nearest') !== 'nearest') refuse(node, 'only mode "nearest" is possible');
  const [, height = 1, width = 1] = lowering.shape(input);
  const size = sizeOf(lowering, node, [height, width]);
  const place = onnxPlace(node);
  const alike = (halfPixelCentres: boolean) =>
    [height, width].every((from, side) => {
      const to = size[side] ?? 1;
      return Array.from({ length: to }, (_, at) => at).every(
        (at) => nearestPlace(at, from, to, halfPixelCentres) === place(at, from, to),
      );
    });
  if (!alike(false) && !alike(true))
    refuse(node, 'it takes other pixels than TFLite; use a whole factor and "asymmetric"');
  const common = { name: node.name, inputs: [input], output: outputOf(node) };
  lowering.append(
    node,
    { ...common, op: 'resize-nearest', size, halfPixelCentres: !alike(false) },
    { axes: CHANNELS_FIRST },
  );
}

/** The new size: scales, or sides, of all four axes; both are inputs (the first of them may be the region, which is unused). */
function sizeOf(lowering: Lowering, node: OnnxNode, from: readonly [number, number]): [number, number] {
  const numbers = node.inputs
    .map((_, index) => lowering.constant(node, index))
    .filter((constant) => constant?.data.length === 4)
    .at(-1);
  const listed = numbers?.data ?? node.attributes.get('scales');
  if (!listed || typeof listed === 'number' || typeof listed === 'string' || 'kind' in listed || listed.length !== 4) {
    return refuse(node, 'its scales or sizes must be four numbers stored in the file');
  }
  const [batch = 1, channels = 1, rows = 1, columns = 1] = listed;
  const sides = numbers?.kind === 'integer';
  const size: [number, number] = sides ? [rows, columns] : [Math.floor(from[0] * rows), Math.floor(from[1] * columns)];
  const untouched = batch === 1 && (sides || channels === 1);
  if (!untouched || size.some((side) => !(side >= 1 && side <= LARGEST_SIDE))) {
    refuse(
      node,
      `it would give a picture of ${size.join(' x ')}; only rows and columns can change, to at most ${LARGEST_SIDE}`,
    );
  }
  return size;
}

/** ONNX's place in a side of `from` pixels for place `at` of `to`. */
function onnxPlace(node: OnnxNode): (at: number, from: number, to: number) => number {
  const old = node.opType === 'Upsample' || !node.attributes.has('coordinate_transformation_mode');
  const mode = textAttribute(node, 'coordinate_transformation_mode', 'half_pixel');
  const rounding = textAttribute(node, 'nearest_mode', 'round_prefer_floor');
  const asymmetric = mode === 'asymmetric' || (old && node.inputs.length <= 2);
  if (!asymmetric && mode !== 'half_pixel' && mode !== 'pytorch_half_pixel') {
    refuse(node, `coordinate_transformation_mode "${mode}" is not possible`);
  }
  const rounded = old && asymmetric ? Math.floor : roundings.get(rounding);
  if (rounded === undefined) return refuse(node, `nearest_mode "${rounding}" is not known`);
  return (at, from, to) => {
    const place = asymmetric ? (at * from) / to : ((at + 0.5) * from) / to - 0.5;
    return Math.max(0, Math.min(from - 1, rounded(place)));
  };
}

const roundings: ReadonlyMap<string, (place: number) => number> = new Map([
  ['round_prefer_floor', (place) => Math.ceil(place - 0.5)],
  ['round_prefer_ceil', (place) => Math.floor(place + 0.5)],
  ['floor', Math.floor],
  ['ceil', Math.ceil],
]);
