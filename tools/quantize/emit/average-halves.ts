import type { Graph, PoolNode } from '../ir/graph.ts';
import { wireNode } from '../onnx/nodes.ts';
import { type FileParts, INPUT_NAME, scaleNames, tensorNames, writeScale } from './onnx-file.ts';

/** Where TFLite's int8 is zero: an average's halves go away from it. */
const TFLITE_ZERO = 128;
/** An average is at most so many steps from TFLite's zero. */
const FURTHEST = 128;

/** Names of scale and zero point for an average that rounds as TFLite does. */
export interface Halves {
  /** The average's input in steps from TFLite's zero. */
  readonly input: string;
  readonly scale: readonly [string, string];
}

/**
 * onnxruntime rounds the halves of an average to the even integer, TFLite away from its zero, so that up to one in eight of the
 * numbers of a 2 x 2 window differed. An average does not care which zero it is taken from: taken from TFLite's and in steps of 1, a
 * slightly smaller step on the way out moves every half the way TFLite does.
 */
export function writeHalves(parts: FileParts, graph: Graph, node: PoolNode): Halves {
  const { name } = node;
  const [height, width] = node.window.kernel;
  // Moves a half over the edge and nothing else: other averages of so many pixels are twice as far from it.
  const nudge = 1 + 1 / (4 * FURTHEST * height * width);
  const [value = ''] = node.inputs;
  const stored = value === graph.input ? `${INPUT_NAME}/channels_first` : `${tensorNames(graph)(value)}/quantised`;
  writeScale(value === graph.input ? { ...parts, signed: false } : parts, `${name}/steps`, {
    scale: 1,
    zeroPoint: TFLITE_ZERO,
  });
  writeScale(parts, `${name}/rounded`, { scale: 1 / nudge, zeroPoint: TFLITE_ZERO });
  const input = `${name}/steps`;
  parts.nodes.push(wireNode('DequantizeLinear', `${name}/to_steps`, [stored, ...scaleNames(input)], input));
  return { input, scale: scaleNames(`${name}/rounded`) };
}

/** Whether anything but averages, which read the integers, reads a value: onnxruntime would keep a node that leads nowhere. */
export function readAsReal(graph: Graph, value: string): boolean {
  return (
    value === graph.output || graph.nodes.some(({ op, inputs }) => op !== 'average-pool' && inputs.includes(value))
  );
}
