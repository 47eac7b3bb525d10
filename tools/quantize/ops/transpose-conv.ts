import { LinegateError } from '../../../agent/core/errors.ts';
import { channelsOf, type Shape, shapeOf, type TransposeConvNode } from '../ir/graph.ts';
import { wireNode } from '../onnx/nodes.ts';
import { PADDING } from '../tflite/builtins.ts';
import type { Operator } from './operator.ts';
import { pushActivation } from './simple.ts';
import { onnxPads } from './window.ts';

/** A longer side is more than any device here has the memory for. */
const LARGEST_SIDE = 8192;

/** A convolution turned round, as enlarging networks have it. */
export const transposeConv: Operator<TransposeConvNode> = {
  outputScale: 'own',

  outputShape(node, [input = []]) {
    const [outputs = 0, , , perOutput = 0] = node.weightShape;
    const [rows = 0, columns = 0] = sidesOf(node, input);
    if (input.length !== 4 || channelsOf(input) !== perOutput) {
      throw new LinegateError(
        'bad-model',
        `Node "${node.name}": its weights are for ${perOutput} channels, its input is [${input}].`,
      );
    }
    if (Math.min(rows, columns) < 1 || Math.max(rows, columns) > LARGEST_SIDE) {
      throw new LinegateError('bad-model', `Node "${node.name}": it would give a picture of ${rows} x ${columns}.`);
    }
    return [1, rows, columns, outputs];
  },

  toOnnx(node, { inputs, weights, bias, output }) {
    const { kernel, strides, pads } = node.window;
    const attributes = { kernel_shape: kernel, strides, pads: onnxPads(pads), output_padding: node.extra };
    return [wireNode('ConvTranspose', node.name, [...inputs, weights, ...(bias ? [bias] : [])], output, attributes)];
  },

  toTflite(node, draft) {
    const [value = ''] = node.inputs;
    const output = shapeOf(draft.graph, node.output);
    const { padding, front, kernel } = tflitePlace(node, shapeOf(draft.graph, value), output);
    const [weights, bias] = draft.layer(node, (integers) => widened(integers, node.weightShape, front, kernel));
    const size = draft.stored(`${node.name}/shape`, [4], Int32Array.from(output));
    const [strideH, strideW] = node.window.strides;
    const inputs = [size, weights, draft.value(value), bias];
    // TensorFlow Lite Micro's kernel has no activation of its own.
    pushActivation(node, draft, (plain) =>
      draft.push({ builtin: 'TRANSPOSE_CONV', inputs, output: plain, options: { padding, strideW, strideH } }),
    );
  },
};

function sidesOf({ window: { kernel, strides, pads }, extra }: TransposeConvNode, input: Shape): [number, number] {
  const side = (axis: 0 | 1, cut: number) =>
    ((input[axis + 1] ?? 0) - 1) * strides[axis] + extra[axis] + kernel[axis] - cut;
  return [side(0, pads.top + pads.bottom), side(1, pads.left + pads.right)];
}

/** TFLite's padding, with the zeros in front of the kernel and the kernel's new size that make it mean the node's pads. */
interface TflitePlace {
  readonly padding: number;
  readonly front: readonly [number, number];
  readonly kernel: readonly [number, number];
}

function tflitePlace(node: TransposeConvNode, input: Shape, output: Shape): TflitePlace {
  const { kernel, strides, pads } = node.window;
  const { top, left, bottom, right } = pads;
  const nothingCut = Math.max(top, left) === 0 && bottom <= node.extra[0] && right <= node.extra[1];
  if (nothingCut) return { padding: PADDING.valid, front: [0, 0], kernel };
  const [, height = 1, width = 1] = input;
  const rows = samePlace({ from: height, to: output[1] ?? 0, kernel: kernel[0], stride: strides[0] }, top);
  const columns = samePlace({ from: width, to: output[2] ?? 0, kernel: kernel[1], stride: strides[1] }, left);
  if (rows === undefined || columns === undefined) {
    throw new LinegateError(
      'bad-model',
      `Node "${node.name}": TFLite has no transposed convolution with the pads [${onnxPads(pads)}]; pad as "same" or not at all.`,
    );
  }
  return { padding: PADDING.same, front: [rows.front, columns.front], kernel: [rows.kernel, columns.kernel] };
}

/** A side of `from` pixels that is spread over `to`. */
interface SpreadSide {
  readonly from: number;
  readonly to: number;
  readonly kernel: number;
  readonly stride: number;
}

/** Zeros in front of a kernel that are worth a try; more would only make it slow. */
const MOST_FRONT = 4;

/**
 * SAME cuts half of what the kernel reaches beyond the output off its front. A kernel with zeros at its ends reaches further without
 * another result; undefined where no few of them make the cut `before`.
 */
function samePlace({ from, to, kernel, stride }: SpreadSide, before: number) {
  const reach = to - (from - 1) * stride;
  if (Math.ceil(to / stride) !== from || reach < 1) return undefined;
  for (let front = 0; front <= MOST_FRONT; front += 1) {
    const larger = Math.max(kernel + front, 2 * (before + front) + reach);
    if (Math.floor((larger - reach) / 2) === before + front) return { front, kernel: larger };
  }
  return undefined;
}

/** OHWI weights in a kernel of another size, zeros around them. */
function widened(
  weights: Int8Array,
  [outputs = 0, rows = 0, columns = 0, channels = 0]: Shape,
  [top, left]: readonly [number, number],
  kernel: readonly [number, number],
): { readonly data: Int8Array; readonly shape: Shape } {
  const shape = [outputs, ...kernel, channels];
  const data = new Int8Array(shape.reduce((all, side) => all * side, 1));
  const row = columns * channels;
  for (let i = 0; i < outputs * rows; i += 1) {
    const y = Math.floor(i / rows) * kernel[0] + (i % rows) + top;
    data.set(weights.subarray(i * row, (i + 1) * row), (y * kernel[1] + left) * channels);
  }
  return { data, shape };
}
