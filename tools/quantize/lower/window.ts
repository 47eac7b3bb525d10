import type { Pads, Window } from '../ir/graph.ts';
import { integersAttribute, textAttribute } from '../onnx/attributes.ts';
import type { OnnxNode } from '../onnx/graph.ts';
import { type Lowering, refuse } from './lowering.ts';

/** A list of two whole numbers from 1 to 1024; [1, 1] when it is absent. */
export function pairAttribute(node: OnnxNode, name: string): [number, number] {
  const [first = 0, second = 0, ...rest] = integersAttribute(node, name, [1, 1]);
  if (rest.length > 0 || [first, second].some((side) => side < 1 || side > 1024)) {
    refuse(node, `"${name}" must be two whole numbers from 1 to 1024`);
  }
  return [first, second];
}

/** Steps and pads of a window of `kernel` over the picture `input`. */
export function readWindow(
  lowering: Lowering,
  node: OnnxNode,
  input: string,
  kernel: readonly [number, number],
  dilations: readonly [number, number] = [1, 1],
): Window {
  if (kernel.some((side) => side < 1 || side > 1024)) refuse(node, `its window is ${kernel.join('x')}`);
  const strides = pairAttribute(node, 'strides');
  const auto = textAttribute(node, 'auto_pad', 'NOTSET');
  if (auto === 'NOTSET') return { kernel, strides, pads: explicitPads(node) };
  const [, height = 0, width = 0] = lowering.shape(input);
  const rows = samePads(height, kernel[0], strides[0], dilations[0], auto);
  const columns = samePads(width, kernel[1], strides[1], dilations[1], auto);
  if (rows === undefined || columns === undefined) refuse(node, `auto_pad "${auto}" is not known`);
  return { kernel, strides, pads: { top: rows[0], bottom: rows[1], left: columns[0], right: columns[1] } };
}

function explicitPads(node: OnnxNode): Pads {
  const pads = integersAttribute(node, 'pads', [0, 0, 0, 0]);
  const [top = 0, left = 0, bottom = 0, right = 0] = pads;
  if (pads.length !== 4 || pads.some((side) => side < 0 || side > 1024)) {
    refuse(node, '"pads" must be four whole numbers from 0 to 1024');
  }
  return { top, left, bottom, right };
}

function samePads(
  side: number,
  kernel: number,
  stride: number,
  dilation: number,
  auto: string,
): [number, number] | undefined {
  const total = Math.max(0, (Math.ceil(side / stride) - 1) * stride + (kernel - 1) * dilation + 1 - side);
  const small = Math.floor(total / 2);
  switch (auto) {
    case 'VALID':
      return [0, 0];
    case 'SAME_UPPER':
      return [small, total - small];
    case 'SAME_LOWER':
      return [total - small, small];
    default:
      return undefined;
  }
}
