import { LinegateError } from '../../../agent/core/errors.ts';
import { channelsOf, type ResizeNode, shapeOf } from '../ir/graph.ts';
import { wireNode } from '../onnx/nodes.ts';
import type { Operator } from './operator.ts';

/** A picture of another size, of its nearest pixels. */
export const resize: Operator<ResizeNode> = {
  outputScale: 'as-input',

  outputShape(node, [input = []]) {
    if (input.length === 4) return [1, ...node.size, channelsOf(input)];
    throw new LinegateError('bad-model', `Node "${node.name}": it needs a picture, it gets the shape [${input}].`);
  },

  toOnnx(node, { inputs: [input = ''], output }, graph) {
    const size = `${output}_size`;
    const [rows, columns] = node.size;
    const sides = [1, channelsOf(shapeOf(graph, node.output)), rows, columns];
    const mode = node.halfPixelCentres ? 'half_pixel' : 'asymmetric';
    return [
      wireNode('Constant', `${node.name}_size`, [], size, { value_ints: sides }),
      wireNode('Resize', node.name, [input, '', '', size], output, {
        mode: 'nearest',
        nearest_mode: node.halfPixelCentres ? 'round_prefer_ceil' : 'floor',
        coordinate_transformation_mode: mode,
      }),
    ];
  },

  toTflite(node, draft) {
    const size = draft.stored(`${node.name}/size`, [2], Int32Array.from(node.size));
    const inputs = [draft.value(node.inputs[0] ?? ''), size];
    const options = { alignCorners: 0, halfPixelCentres: node.halfPixelCentres ? 1 : 0 };
    draft.push({ builtin: 'RESIZE_NEAREST_NEIGHBOR', inputs, output: draft.value(node.output), options });
  },
};

/** The place in a side of `from` pixels that place `at` of `to` takes: TensorFlow's formula, in float32 as it has it. */
export function nearestPlace(at: number, from: number, to: number, halfPixelCentres: boolean): number {
  const scale = Math.fround(from / to);
  const place = Math.floor(Math.fround((at + (halfPixelCentres ? 0.5 : 0)) * scale));
  return Math.max(0, Math.min(place, from - 1));
}
