import { type Graph, isWeighted, type Node, type WeightedNode } from '../ir/graph.ts';
import { wireNode } from '../onnx/nodes.ts';
import { wireTensor } from '../onnx/tensors.ts';
import { operatorOf } from '../ops/registry.ts';
import { PIXEL_SCALE } from '../quantize/activation-scales.ts';
import type { ActivationScale } from '../quantize/plan.ts';
import {
  activationOf,
  exposedName,
  type FileParts,
  finishFile,
  OUTPUT_NAME,
  onnxWeights,
  tensorNames,
  writeInput,
} from './onnx-file.ts';

/**
 * The graph as a float ONNX file with the quantised file's input and output; `exposed` values become outputs too.
 * Calibration watches it, and it is what the integers are measured against.
 */
export function floatOnnx(
  graph: Graph,
  exposed: readonly string[] = [],
  input: ActivationScale = PIXEL_SCALE,
): Uint8Array {
  const parts: FileParts = { nodes: [], tensors: [] };
  const base = tensorNames(graph);
  const nameOf = (value: string) => `${base(value)}/float`;
  writeInput(parts, input, nameOf(graph.input));
  for (const node of graph.nodes) writeFloatNode(parts, graph, node, nameOf);
  for (const value of exposed) {
    parts.nodes.push(wireNode('Identity', exposedName(value), [nameOf(value)], exposedName(value)));
  }
  parts.nodes.push(wireNode('Identity', OUTPUT_NAME, [nameOf(graph.output)], OUTPUT_NAME));
  return finishFile(graph, parts, exposed);
}

/** A search writes the same layers dozens of times. */
const turned = new WeakMap<WeightedNode, ReturnType<typeof onnxWeights<Float32Array>>>();

function floatWeights(node: WeightedNode): ReturnType<typeof onnxWeights<Float32Array>> {
  const known = turned.get(node) ?? onnxWeights(node, node.weights);
  turned.set(node, known);
  return known;
}

/** Writes a node with its activation in float; `nameOf` gives the file's names for what it reads and makes. */
export function writeFloatNode(parts: FileParts, graph: Graph, node: Node, nameOf: (value: string) => string): void {
  const [weights, bias] = [`${node.name}/weights`, `${node.name}/bias`];
  if (isWeighted(node)) {
    const { data, shape } = floatWeights(node);
    parts.tensors.push(wireTensor(weights, shape, data), wireTensor(bias, [node.bias.length], node.bias));
  }
  const inputs = node.inputs.map(nameOf);
  const output = nameOf(node.output);
  const activation = activationOf(node);
  const plain = activation === undefined ? output : `${node.name}/before_activation`;
  parts.nodes.push(...operatorOf(node).toOnnx(node, { inputs, weights, bias, output: plain }, graph));
  if (activation === 'relu') parts.nodes.push(wireNode('Relu', `${node.name}/relu`, [plain], output));
  if (activation === 'relu6') writeRelu6(parts, node.name, plain, output);
}

function writeRelu6(parts: FileParts, name: string, input: string, output: string): void {
  const limits = [`${name}/low`, `${name}/high`] as const;
  parts.tensors.push(wireTensor(limits[0], [], Float32Array.of(0)), wireTensor(limits[1], [], Float32Array.of(6)));
  parts.nodes.push(wireNode('Clip', `${name}/relu6`, [input, ...limits], output));
}
