import { LinegateError } from '../../../agent/core/errors.ts';
import type { Graph } from '../ir/graph.ts';
import { foldNode } from '../onnx/fold.ts';
import type { OnnxGraph } from '../onnx/graph.ts';
import { CHANNELS_FIRST, CHANNELS_LAST, Lowering, refuse } from './lowering.ts';
import { readerOf } from './readers.ts';

/** The size of the picture that the recipe's preprocessing gives. */
export interface PictureSize {
  readonly heightPx: number;
  readonly widthPx: number;
  readonly channels: number;
}

/**
 * The ONNX graph as a channels-last IR graph; layout is solved here and nowhere else, no Transpose is left.
 * Throws LinegateError 'bad-model' that names the node when it cannot be expressed.
 */
export function lower(onnx: OnnxGraph, size: PictureSize): Graph {
  const lowering = new Lowering(onnx);
  lowering.bindInput([1, size.heightPx, size.widthPx, size.channels], inputAxes(onnx, size));
  for (const node of onnx.nodes) {
    // What an exporter works out of the picture's size is known as soon as the picture's size is.
    const known = node.inputs.length > 0 ? lowering.known(node) : undefined;
    if (known !== undefined) {
      lowering.define(node, foldNode(node, known));
      continue;
    }
    const read = readerOf(node.opType) ?? refuse(node, 'it works on values where only constants are possible');
    read(lowering, node);
  }
  return lowering.finish();
}

/** Channels first or last, whichever of the two the input's shape is; an open side (0) fits any. */
function inputAxes(onnx: OnnxGraph, { heightPx, widthPx, channels }: PictureSize): readonly number[] {
  const { name, shape } = onnx.input;
  const fits = (expected: readonly number[]) =>
    shape.length === 4 && expected.every((side, axis) => shape[axis] === side || shape[axis] === 0);
  if (fits([1, channels, heightPx, widthPx])) return CHANNELS_FIRST;
  if (fits([1, heightPx, widthPx, channels])) return CHANNELS_LAST;
  throw new LinegateError(
    'bad-model',
    `Input "${name}" has the shape [${shape}], the recipe gives ${widthPx} x ${heightPx} px with ${channels} channels; make them agree.`,
  );
}
