import type { ConvNode, Window } from '../ir/graph.ts';
import { integerAttribute } from '../onnx/attributes.ts';
import type { OnnxNode } from '../onnx/graph.ts';
import { transposed } from '../onnx/reorder.ts';
import type { FloatConstant } from '../onnx/tensors.ts';
import { CHANNELS_FIRST, type Lowering, outputOf, refuse } from './lowering.ts';
import { pairAttribute, readWindow } from './window.ts';

/** Conv: dense (group 1) or one filter a channel; ONNX weights are OIHW. */
export function readConv(lowering: Lowering, node: OnnxNode): void {
  const input = lowering.picture(node, 0);
  const weights = lowering.weights(node, 1);
  const [outputs = 0, perGroup = 0, rows = 0, columns = 0] = weights.shape;
  if (weights.shape.length !== 4)
    refuse(node, `its weights have the shape [${weights.shape}]; [out, in, rows, columns] is needed`);
  const dilations = pairAttribute(node, 'dilations');
  const window = readWindow(lowering, node, input, [rows, columns], dilations);
  const common = {
    name: node.name,
    inputs: [input],
    output: outputOf(node),
    window,
    dilations,
    activation: 'none' as const,
  };
  const kernel = kernelOf(node, weights, lowering.shape(input)[3] ?? 0, perGroup);
  const bias = node.inputs[2] ? lowering.weights(node, 2).data : new Float32Array(outputs);
  if (bias.length !== outputs) refuse(node, `its bias has ${bias.length} numbers for ${outputs} channels`);
  lowering.append(node, { ...common, ...kernel, bias }, { axes: CHANNELS_FIRST }, weights.scales);
}

type Kernel = Pick<ConvNode, 'op' | 'weights' | 'weightShape'>;

function kernelOf(node: OnnxNode, weights: FloatConstant, channels: number, perGroup: number): Kernel {
  const group = integerAttribute(node, 'group', 1);
  if (group === 1) {
    const ohwi = transposed(weights.data, weights.shape, [0, 2, 3, 1]);
    return { op: 'conv', weights: ohwi.data, weightShape: ohwi.shape };
  }
  if (group !== channels || perGroup !== 1 || weights.shape[0] !== group) {
    refuse(node, `it has ${group} groups over ${channels} channels; 1 group or one filter a channel are possible`);
  }
  const hwc = transposed(weights.data, weights.shape, [1, 2, 3, 0]);
  return { op: 'depthwise', weights: hwc.data, weightShape: hwc.shape };
}

/** Pad: zeros around a picture, in either layout. */
export function readPad(lowering: Lowering, node: OnnxNode): void {
  const { value: input, ...binding } = lowering.input(node, 0);
  const filling = node.inputs[2] ? lowering.weights(node, 2).data[0] : 0;
  const constant = lowering.constant(node, 1);
  const listed = constant?.kind === 'integer' ? constant.data : node.attributes.get('pads');
  const sides = Array.isArray(listed) ? listed : [];
  const zeros = (node.attributes.get('mode') ?? 'constant') === 'constant' && filling === 0 && !node.inputs[3];
  const possible = sides.length === 8 && sides.every((side) => side >= 0 && side <= 1024);
  // Of IR axis `axis`: at its start, then at its end.
  const at = (axis: number) => [0, 4].map((half) => sides[half + binding.axes.indexOf(axis)] ?? 0);
  const [[top = 0, bottom = 0], [left = 0, right = 0]] = [at(1), at(2)];
  const others = [...at(0), ...at(3)].some((side) => side !== 0);
  if (!zeros || !possible || others || binding.axes.length !== 4) {
    refuse(node, 'only zeros above, below, left and right of a picture are possible');
  }
  lowering.append(
    node,
    { op: 'pad', name: node.name, inputs: [input], output: outputOf(node), pads: { top, left, bottom, right } },
    binding,
  );
}

/** A window that covers a whole picture. */
export function wholeWindow(lowering: Lowering, input: string): Window {
  const [, height = 1, width = 1] = lowering.shape(input);
  return { kernel: [height, width], strides: [1, 1], pads: { top: 0, left: 0, bottom: 0, right: 0 } };
}
