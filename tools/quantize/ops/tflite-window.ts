import type { TfliteDraft } from '../emit/tflite-draft.ts';
import { channelsOf, type Pads, type Shape, shapeOf, type Window } from '../ir/graph.ts';
import { PADDING } from '../tflite/builtins.ts';

/** TFLite's padding with which a window gives `output` of `input`; undefined when neither SAME nor VALID does. */
export function tflitePadding(
  { kernel, strides, pads }: Window,
  input: Shape,
  output: Shape,
  dilations: readonly [number, number] = [1, 1],
): number | undefined {
  const rows = { side: input[1], places: output[1], reach: (kernel[0] - 1) * dilations[0] + 1, stride: strides[0] };
  const columns = { side: input[2], places: output[2], reach: (kernel[1] - 1) * dilations[1] + 1, stride: strides[1] };
  if (isValid(rows, pads.top) && isValid(columns, pads.left)) return PADDING.valid;
  return isSame(rows, pads.top) && isSame(columns, pads.left) ? PADDING.same : undefined;
}

interface Side {
  readonly side: number | undefined;
  readonly places: number | undefined;
  readonly reach: number;
  readonly stride: number;
}

function isValid({ side = 0, places, reach, stride }: Side, before: number): boolean {
  return before === 0 && places === Math.floor((side - reach) / stride) + 1;
}

/** SAME puts the smaller half of what is missing in front. */
function isSame({ side = 0, places = 0, reach, stride }: Side, before: number): boolean {
  const missing = Math.max(0, (places - 1) * stride + reach - side);
  return places === Math.ceil(side / stride) && before === Math.floor(missing / 2);
}

/** Writes a PAD of zeros around `value`, or of the stored integer `filling`; gives the place of the padded picture. */
export function padded(draft: TfliteDraft, name: string, value: string, pads: Pads, filling?: number): number {
  const shape = shapeOf(draft.graph, value);
  const [, height = 0, width = 0] = shape;
  const sides = Int32Array.of(0, 0, pads.top, pads.bottom, pads.left, pads.right, 0, 0);
  const larger = [1, height + pads.top + pads.bottom, width + pads.left + pads.right, channelsOf(shape)];
  const output = draft.beside(value, `${name}/padded`, larger);
  const inputs = [draft.value(value), draft.stored(`${name}/pads`, [4, 2], sides)];
  if (filling === undefined) draft.push({ builtin: 'PAD', inputs, output, options: {} });
  else
    draft.push({ builtin: 'PADV2', inputs: [...inputs, draft.fillingLike(value, name, filling)], output, options: {} });
  return output;
}
