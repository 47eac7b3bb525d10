import { type ConvNode, channelsOf, type Shape, type Window } from '../ir/graph.ts';
import { integerAttribute, integersAttribute } from '../onnx/attributes.ts';
import type { OnnxNode } from '../onnx/graph.ts';
import { wholeWindow } from './conv.ts';
import { CHANNELS_FIRST, type Lowering, outputOf, refuse, VECTOR } from './lowering.ts';
import { pairAttribute, readWindow } from './window.ts';

/** AveragePool and MaxPool. */
export function readPool(lowering: Lowering, node: OnnxNode): void {
  const input = lowering.picture(node, 0);
  if (!node.attributes.has('kernel_shape')) refuse(node, 'it names no "kernel_shape"');
  const kernel = pairAttribute(node, 'kernel_shape');
  if (pairAttribute(node, 'dilations').some((side) => side !== 1))
    refuse(node, 'a pool with gaps (dilations) is not possible');
  const window = readWindow(lowering, node, input, kernel);
  const padded = Object.values(window.pads).some((side) => side > 0);
  const counted = padded && node.opType === 'AveragePool' && integerAttribute(node, 'count_include_pad', 0) !== 0;
  if (counted) {
    appendCounted(lowering, node, input, window);
    return;
  }
  const op = node.opType === 'MaxPool' ? ('max-pool' as const) : ('average-pool' as const);
  const common = { name: node.name, inputs: [input], output: outputOf(node) };
  const reaching = integerAttribute(node, 'ceil_mode', 0) === 0 ? window : roundedUp(window, lowering.shape(input));
  lowering.append(node, { ...common, op, window: reaching }, { axes: CHANNELS_FIRST });
}

/** A mean in which zeros around the picture count: a depthwise convolution with equal weights. */
function appendCounted(lowering: Lowering, node: OnnxNode, input: string, window: Window): void {
  if (integerAttribute(node, 'ceil_mode', 0) !== 0) refuse(node, 'ceil_mode is not possible where padding counts');
  const channels = channelsOf(lowering.shape(input));
  const [rows, columns] = window.kernel;
  const weights = new Float32Array(rows * columns * channels).fill(1 / (rows * columns));
  const depthwise: ConvNode = {
    op: 'depthwise',
    name: node.name,
    inputs: [input],
    output: outputOf(node),
    window,
    dilations: [1, 1],
    weights,
    weightShape: [1, rows, columns, channels],
    bias: new Float32Array(channels),
    activation: 'none',
  };
  lowering.append(node, depthwise, { axes: CHANNELS_FIRST });
}

/** The window padded at the end so far that a last place, which only part of the picture fills, counts as well. */
function roundedUp(window: Window, [, height = 0, width = 0]: Shape): Window {
  const { kernel, strides, pads } = window;
  const missing = (side: number, axis: 0 | 1, before: number, after: number) => {
    const steps = Math.ceil((side + before + after - kernel[axis]) / strides[axis]);
    // ONNX has no place that begins in the padding behind the picture.
    const places = steps * strides[axis] >= side + before ? steps - 1 : steps;
    return Math.max(0, places * strides[axis] + kernel[axis] - (side + before + after));
  };
  const bottom = pads.bottom + missing(height, 0, pads.top, pads.bottom);
  const right = pads.right + missing(width, 1, pads.left, pads.right);
  return { ...window, pads: { ...pads, bottom, right } };
}

/** GlobalAveragePool and GlobalMaxPool: a pool with a window as large as the picture. */
export function readGlobalPool(lowering: Lowering, node: OnnxNode): void {
  const input = lowering.picture(node, 0);
  const op = node.opType === 'GlobalMaxPool' ? ('max-pool' as const) : ('average-pool' as const);
  const window = wholeWindow(lowering, input);
  lowering.append(
    node,
    { op, name: node.name, inputs: [input], output: outputOf(node), window },
    { axes: CHANNELS_FIRST },
  );
}

/** ReduceMean over rows and columns, in either layout: an average pool, then a vector unless it keeps its sides. */
export function readReduceMean(lowering: Lowering, node: OnnxNode): void {
  const binding = lowering.input(node, 0);
  const listed = lowering.constant(node, 1);
  const axes = listed?.kind === 'integer' ? listed.data : integersAttribute(node, 'axes', []);
  const reduced = axes.map((axis) => binding.axes[axis < 0 ? axis + binding.axes.length : axis]);
  if (reduced.length !== 2 || !reduced.includes(1) || !reduced.includes(2)) {
    refuse(node, `it averages over the axes [${axes}]; only rows and columns together are possible`);
  }
  const output = outputOf(node);
  const window = wholeWindow(lowering, binding.value);
  const keeps = integerAttribute(node, 'keepdims', 1) !== 0;
  const pooled = keeps ? output : `${output}_pooled`;
  const name = node.name;
  const pool = { op: 'average-pool' as const, name, inputs: [binding.value], output: pooled, window };
  lowering.append(node, pool, { axes: binding.axes });
  if (!keeps)
    lowering.append(
      node,
      { op: 'reshape', name: `${name}_flat`, inputs: [pooled], output, to: 'vector' },
      { axes: VECTOR },
    );
}
