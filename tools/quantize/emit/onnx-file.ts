import type { Graph, Node, WeightedNode } from '../ir/graph.ts';
import { shapeOf } from '../ir/graph.ts';
import { writeModel } from '../onnx/codec.ts';
import { wireNode } from '../onnx/nodes.ts';
import { transposed } from '../onnx/reorder.ts';
import type { WireNode, WireTensor } from '../onnx/schema.ts';
import { elementType, wireTensor } from '../onnx/tensors.ts';
import type { ActivationScale } from '../quantize/plan.ts';
import { compact } from './compact.ts';
import { withShortNames } from './short-names.ts';

/** Names of the only input, uint8 [1, height, width, channels], and of the scores, float32 [1, labels]. */
export const INPUT_NAME = 'input';
export const OUTPUT_NAME = 'scores';

/** The newest opset that needs nothing newer of any device's onnxruntime; per-channel scales came with 13. */
const OPSET = 17;
const IR_VERSION = 8;

/** Nodes and stored tensors of a file while it is written. */
export interface FileParts {
  readonly nodes: WireNode[];
  readonly tensors: WireTensor[];
  /** Activations are int8, 128 less than uint8 and of the same meaning; the picture stays uint8. */
  readonly signed?: boolean;
}

/** The output under which `exposed` shows what `value` holds, float32. */
export function exposedName(value: string): string {
  return `${value}/exposed`;
}

/** The name in the file's tensors for the value that `node` makes. */
export function tensorNames(graph: Graph): (value: string) => string {
  const names = new Map(graph.nodes.map((node) => [node.output, node.name]));
  return (value) => names.get(value) ?? INPUT_NAME;
}

/** Writes the picture's way in: uint8 channels last to float channels first by `scale`. */
export function writeInput(parts: FileParts, scale: ActivationScale, output: string): void {
  const turned = `${INPUT_NAME}/channels_first`;
  parts.nodes.push(wireNode('Transpose', `${INPUT_NAME}/transpose`, [INPUT_NAME], turned, { perm: [0, 3, 1, 2] }));
  writeScale({ ...parts, signed: false }, INPUT_NAME, scale);
  parts.nodes.push(
    wireNode('DequantizeLinear', `${INPUT_NAME}/dequantize`, [turned, ...scaleNames(INPUT_NAME)], output),
  );
}

/** Stores a scale and zero point under `name`. */
export function writeScale(parts: FileParts, name: string, { scale, zeroPoint }: ActivationScale): void {
  const [scaleName, zeroName] = scaleNames(name);
  parts.tensors.push(
    wireTensor(scaleName, [], Float32Array.of(scale)),
    wireTensor(zeroName, [], stored(parts, zeroPoint)),
  );
}

/** A uint8 number of the plan as the file holds it. */
export function stored({ signed }: FileParts, number: number): Uint8Array | Int8Array {
  return signed ? Int8Array.of(number - 128) : Uint8Array.of(number);
}

/** The names of a scale and a zero point. */
export function scaleNames(name: string): [string, string] {
  return [`${name}/scale`, `${name}/zero_point`];
}

/** A layer's weights, one number a weight, with the shape that ONNX wants: OIHW, C1HW or [outputs, inputs]. */
export function onnxWeights<T extends Float32Array | Int8Array>(
  node: WeightedNode,
  weights: T,
): { readonly data: T; readonly shape: readonly number[] } {
  switch (node.op) {
    case 'conv':
      return transposed(weights, node.weightShape, [0, 3, 1, 2]);
    case 'transpose-conv':
      return transposed(weights, node.weightShape, [3, 0, 1, 2]);
    case 'depthwise':
      return transposed(weights, node.weightShape, [3, 0, 1, 2]);
    case 'fully-connected':
      return { data: weights, shape: node.weightShape };
  }
}

/** The ONNX operator of a node's activation; undefined for none. */
export function activationOf(node: Node): 'relu' | 'relu6' | undefined {
  return 'activation' in node && node.activation !== 'none' ? node.activation : undefined;
}

/**
 * The integers at which a node's activation cuts, where the edges of uint8 do not: its value shares a scale with others that go
 * below zero or above six, as in a Concat.
 */
export function cutOf(node: Node, { scale, zeroPoint }: ActivationScale): [number, number] | undefined {
  const activation = activationOf(node);
  if (activation === undefined) return undefined;
  const high = activation === 'relu6' ? Math.min(255, zeroPoint + Math.round(6 / scale)) : 255;
  return zeroPoint === 0 && high === 255 ? undefined : [zeroPoint, high];
}

/** The bytes of the finished file; `exposed` are the further outputs, all float32. */
export function finishFile(graph: Graph, { nodes, tensors }: FileParts, exposed: readonly string[]): Uint8Array {
  const [, labels = 0] = shapeOf(graph, graph.output);
  const outputs = [
    valueInfo(OUTPUT_NAME, elementType.float, [1, labels]),
    ...exposed.map((value) => valueInfo(exposedName(value), elementType.float, channelsFirst(shapeOf(graph, value)))),
  ];
  return writeModel({
    irVersion: IR_VERSION,
    producerName: 'linegate-quantize',
    opsetImport: [{ domain: '', version: OPSET }],
    graph: withShortNames(
      compact({
        name: 'linegate',
        node: nodes,
        initializer: tensors,
        input: [valueInfo(INPUT_NAME, elementType.uint8, shapeOf(graph, graph.input))],
        output: outputs,
      }),
    ),
  });
}

function channelsFirst(shape: readonly number[]): number[] {
  const [batch = 1, height = 1, width = 1, channels = 1] = shape;
  return shape.length === 4 ? [batch, channels, height, width] : [...shape];
}

function valueInfo(name: string, elemType: number, shape: readonly number[]) {
  return { name, type: { tensorType: { elemType, shape: { dim: shape.map((side) => ({ dimValue: side })) } } } };
}
