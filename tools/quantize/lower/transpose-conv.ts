import { integerAttribute, integersAttribute, textAttribute } from '../onnx/attributes.ts';
import type { OnnxNode } from '../onnx/graph.ts';
import { transposed } from '../onnx/reorder.ts';
import { CHANNELS_FIRST, type Lowering, outputOf, refuse } from './lowering.ts';
import { pairAttribute, readWindow } from './window.ts';

/** ConvTranspose of one group; ONNX weights are [in, out, rows, columns]. */
export function readConvTranspose(lowering: Lowering, node: OnnxNode): void {
  const input = lowering.picture(node, 0);
  const weights = lowering.weights(node, 1);
  const [, outputs = 0, rows = 0, columns = 0] = weights.shape;
  if (weights.shape.length !== 4)
    refuse(node, `its weights have the shape [${weights.shape}]; [in, out, rows, columns] is needed`);
  if (integerAttribute(node, 'group', 1) !== 1) refuse(node, 'only one group is possible');
  if (pairAttribute(node, 'dilations').some((side) => side !== 1)) refuse(node, 'gaps (dilations) are not possible');
  const bias = node.inputs[2] ? lowering.weights(node, 2).data : new Float32Array(outputs);
  if (bias.length !== outputs) refuse(node, `its bias has ${bias.length} numbers for ${outputs} channels`);
  const ohwi = transposed(weights.data, weights.shape, [1, 2, 3, 0]);
  lowering.append(
    node,
    {
      op: 'transpose-conv',
      name: node.name,
      inputs: [input],
      output: outputOf(node),
      ...placeOf(lowering, node, input, [rows, columns]),
      weights: ohwi.data,
      weightShape: ohwi.shape,
      bias,
      activation: 'none',
    },
    { axes: CHANNELS_FIRST },
    weights.scales,
  );
}

/** The window, its pads cut off the output, and what is added at the output's end. */
function placeOf(lowering: Lowering, node: OnnxNode, input: string, kernel: readonly [number, number]) {
  const auto = textAttribute(node, 'auto_pad', 'NOTSET');
  if (node.attributes.has('output_shape') || auto.startsWith('SAME')) {
    return samePlace(lowering, node, input, kernel, auto);
  }
  const [first = 0, second = 0] = integersAttribute(node, 'output_padding', [0, 0]);
  if ([first, second].some((side) => side < 0 || side > 1024)) refuse(node, 'its "output_padding" is not possible');
  return { window: readWindow(lowering, node, input, kernel), extra: [first, second] as const };
}

/** With "output_shape" or auto_pad, ONNX shares what is too much between both ends, the odd one at the end for SAME_UPPER only. */
function samePlace(lowering: Lowering, node: OnnxNode, input: string, kernel: readonly [number, number], auto: string) {
  const [, height = 1, width = 1] = lowering.shape(input);
  const strides = pairAttribute(node, 'strides');
  const given = integersAttribute(node, 'output_shape', [height * strides[0], width * strides[1]]).slice(-2);
  const cut = [height, width].map((side, axis) => {
    const whole = (side - 1) * (strides[axis] ?? 1) + (kernel[axis] ?? 1);
    const total = Math.max(0, whole - (given[axis] ?? 0));
    const small = Math.floor(total / 2);
    const before = auto === 'SAME_UPPER' ? small : total - small;
    return { before, after: total - before, extra: Math.max(0, (given[axis] ?? 0) - whole) };
  });
  const [rows, columns] = cut;
  if (kernel.some((side) => side < 1 || side > 1024) || cut.some(({ extra }) => extra > 1024))
    refuse(node, `its window is ${kernel.join('x')} and its output [${given}]`);
  const pads = {
    top: rows?.before ?? 0,
    bottom: rows?.after ?? 0,
    left: columns?.before ?? 0,
    right: columns?.after ?? 0,
  };
  return { window: { kernel, strides, pads }, extra: [rows?.extra ?? 0, columns?.extra ?? 0] as const };
}
