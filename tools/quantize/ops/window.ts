import { LinegateError } from '../../../agent/core/errors.ts';
import type { Pads, Shape, Window } from '../ir/graph.ts';

/** A side of a layer that no device here has the memory for. */
const LARGEST_SIDE = 8192;

/** Rows and columns that a window gives on `input` [1, h, w, c]. Throws LinegateError 'bad-model' when none fit. */
export function windowOutput(
  name: string,
  window: Window,
  input: Shape,
  dilations: readonly [number, number] = [1, 1],
): [number, number] {
  const { kernel, strides, pads } = window;
  const rows = placesOf((input[1] ?? 0) + pads.top + pads.bottom, kernel[0], strides[0], dilations[0]);
  const columns = placesOf((input[2] ?? 0) + pads.left + pads.right, kernel[1], strides[1], dilations[1]);
  if ([rows, columns].every((side) => Number.isInteger(side) && side >= 1 && side <= LARGEST_SIDE))
    return [rows, columns];
  throw new LinegateError(
    'bad-model',
    `Node "${name}": a window of ${kernel.join('x')} in steps of ${strides.join('x')} does not fit its input [${input}].`,
  );
}

function placesOf(side: number, kernel: number, stride: number, dilation: number): number {
  return Math.floor((side - (kernel - 1) * dilation - 1) / stride) + 1;
}

/** Pads in ONNX order. */
export function onnxPads(pads: Pads): number[] {
  return [pads.top, pads.left, pads.bottom, pads.right];
}
