import type { Activation } from '../ir/graph.ts';
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
