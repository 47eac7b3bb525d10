import { type Activation, channelsOf } from '../ir/graph.ts';
import { floatAttribute } from '../onnx/attributes.ts';
import type { OnnxNode } from '../onnx/graph.ts';
import { type Lowering, outputOf, refuse } from './lowering.ts';

/** Above this a limit is none: exporters write the largest float. */
const OPEN_END = 3e38;

/** Relu. */
export function readRelu(lowering: Lowering, node: OnnxNode): void {
  appendActivation(lowering, node, 'relu');
}

/** Clip from 0 to 6 or upwards from 0; limits are attributes before opset 11, inputs since. */
export function readClip(lowering: Lowering, node: OnnxNode): void {
  const low = clipLimit(lowering, node, 1, 'min', Number.NEGATIVE_INFINITY);
  const high = clipLimit(lowering, node, 2, 'max', Number.POSITIVE_INFINITY);
  const open = high > OPEN_END;
  if (low !== 0 || !(high === 6 || open)) refuse(node, `it clips to ${low} .. ${high}; Relu and Relu6 are possible`);
  appendActivation(lowering, node, open ? 'relu' : 'relu6');
}

function clipLimit(lowering: Lowering, node: OnnxNode, index: number, name: string, absent: number): number {
  if (node.inputs[index]) return lowering.weights(node, index).data[0] ?? absent;
  return node.attributes.has(name) ? floatAttribute(node, name, 0) : absent;
}

function appendActivation(lowering: Lowering, node: OnnxNode, activation: Activation): void {
  const { value, ...binding } = lowering.input(node, 0);
  const common = { name: node.name, inputs: [value], output: outputOf(node) };
  lowering.append(node, { ...common, op: 'activation', activation }, binding);
}

/** Sigmoid. */
export function readSigmoid(lowering: Lowering, node: OnnxNode): void {
  const { value, ...binding } = lowering.input(node, 0);
  lowering.append(node, { op: 'sigmoid', name: node.name, inputs: [value], output: outputOf(node) }, binding);
}

/** HardSwish. */
export function readHardSwish(lowering: Lowering, node: OnnxNode): void {
  const { value, ...binding } = lowering.input(node, 0);
  lowering.append(node, { op: 'hard-swish', name: node.name, inputs: [value], output: outputOf(node) }, binding);
}

/** HardSigmoid, max(0, min(1, alpha x + beta)), as relu6(6 alpha x + 6 beta) / 6: a layer before it takes in the most of this. */
export function readHardSigmoid(lowering: Lowering, node: OnnxNode): void {
  const alpha = floatAttribute(node, 'alpha', 0.2);
  const beta = floatAttribute(node, 'beta', 0.5);
  const { value, ...binding } = lowering.input(node, 0);
  const channels = channelsOf(lowering.shape(value));
  const output = outputOf(node);
  const each = (number: number) => new Float32Array(channels).fill(number);
  const { name } = node;
  const [shifted, limited] = [`${output}_shifted`, `${output}_limited`];
  const shift = { op: 'affine' as const, name: `${name}_shift`, inputs: [value], output: shifted };
  lowering.append(node, { ...shift, scale: each(6 * alpha), shift: each(6 * beta) }, binding);
  const limit = { op: 'activation' as const, name: `${name}_limit`, inputs: [shifted], output: limited };
  lowering.append(node, { ...limit, activation: 'relu6' }, binding);
  lowering.append(node, { op: 'affine', name, inputs: [limited], output, scale: each(1 / 6), shift: each(0) }, binding);
}
