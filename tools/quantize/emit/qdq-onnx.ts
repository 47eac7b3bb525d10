import { LinegateError } from '../../../agent/core/errors.ts';
import { type Graph, isWeighted, type Node, type WeightedNode } from '../ir/graph.ts';
import { wireNode } from '../onnx/nodes.ts';
import { wireTensor } from '../onnx/tensors.ts';
import { operatorOf } from '../ops/registry.ts';
import type { QuantPlan } from '../quantize/plan.ts';
import { raisedScale } from '../quantize/round-alike.ts';
import { readAsReal, writeHalves } from './average-halves.ts';
import { FloatLayers, readByFloat } from './float-layers.ts';
import {
  cutOf,
  exposedName,
  type FileParts,
  finishFile,
  OUTPUT_NAME,
  onnxWeights,
  scaleNames,
  stored,
  tensorNames,
  writeInput,
  writeScale,
} from './onnx-file.ts';

/**
 * The graph as a quantised ONNX file: every operator between DequantizeLinear and QuantizeLinear, which onnxruntime
 * fuses into integer operators. Activations are the limits of uint8 and are written only
 * where those are wider. The layers that `plan.float` names stay float. `exposed` values become further outputs.
 * `signed` holds activations as int8, which means the same; onnxruntime on x86 has faster kernels for uint8.
 */
export function qdqOnnx(
  graph: Graph,
  plan: QuantPlan,
  exposed: readonly string[] = [],
  { signed = false }: { readonly signed?: boolean } = {},
): Uint8Array {
  const parts: FileParts = { nodes: [], tensors: [], signed };
  const base = tensorNames(graph);
  const dequantised = (value: string) => (value === graph.output ? OUTPUT_NAME : `${base(value)}/dequantised`);
  writeInput(parts, scaleOf(plan, graph.input), dequantised(graph.input));
  const float = new FloatLayers(graph, plan, dequantised);
  for (const node of graph.nodes) {
    if (float.has(node)) float.write(parts, node);
    else writeNode(parts, graph, node, plan, dequantised);
  }
  for (const value of exposed) {
    if (float.expose(parts, value)) continue;
    const from = [`${base(value)}/quantised`, ...scaleNames(base(value))];
    parts.nodes.push(wireNode('DequantizeLinear', exposedName(value), from, exposedName(value)));
  }
  return finishFile(graph, parts, exposed);
}

function writeNode(
  parts: FileParts,
  graph: Graph,
  node: Node,
  plan: QuantPlan,
  dequantised: (value: string) => string,
): void {
  const { name } = node;
  const [weights, bias] = isWeighted(node) ? writeLayer(parts, node, plan) : ['', ''];
  const output = `${name}/float`;
  const halves = node.op === 'average-pool' ? writeHalves(parts, graph, node) : undefined;
  const names = { inputs: halves ? [halves.input] : node.inputs.map(dequantised), weights, bias, output };
  parts.nodes.push(...operatorOf(node).toOnnx(node, names, graph));
  writeScale(parts, name, scaleOf(plan, node.output));
  const scale = scaleNames(name);
  const quantised = `${name}/quantised`;
  const limits = cutOf(node, scaleOf(plan, node.output));
  const rounded = limits === undefined ? quantised : `${name}/before_limits`;
  parts.nodes.push(wireNode('QuantizeLinear', `${name}/quantize`, [output, ...(halves?.scale ?? scale)], rounded));
  if (limits !== undefined) writeLimits(parts, name, rounded, limits, quantised);
  if (!readAsReal(graph, node.output) && !readByFloat(graph, plan, node.output)) return;
  parts.nodes.push(wireNode('DequantizeLinear', `${name}/dequantize`, [quantised, ...scale], dequantised(node.output)));
}

function writeLimits(parts: FileParts, name: string, input: string, limits: [number, number], output: string): void {
  const names = [`${name}/low`, `${name}/high`] as const;
  for (const [i, limit] of limits.entries()) parts.tensors.push(wireTensor(names[i] ?? '', [], stored(parts, limit)));
  parts.nodes.push(wireNode('Clip', `${name}/limits`, [input, ...names], output));
}

function scaleOf(plan: QuantPlan, value: string) {
  const scale = plan.activations.get(value);
  if (scale === undefined) throw new LinegateError('illegal-input', `The plan has no scale for "${value}".`);
  return scale;
}

/** Stores a layer's integers and writes their way back to real numbers; gives the names of weights and bias. */
function writeLayer(parts: FileParts, node: WeightedNode, plan: QuantPlan): [string, string] {
  const integers = plan.layers.get(node.name);
  if (integers === undefined) throw new LinegateError('illegal-input', `The plan has no integers for "${node.name}".`);
  const input = scaleOf(plan, node.inputs[0] ?? '').scale;
  const scales = integers.scales.map(raisedScale);
  const weights = onnxWeights(node, integers.weights);
  const biasScales = Float32Array.from(
    node.bias,
    (_, channel) => input * (scales[scales.length === 1 ? 0 : channel] ?? 1),
  );
  const perTensor = node.op === 'fully-connected';
  return [
    writeStored(
      parts,
      `${node.name}/weights`,
      weights.shape,
      weights.data,
      scales,
      perTensor ? undefined : channelAxis(node),
    ),
    writeStored(
      parts,
      `${node.name}/bias`,
      [node.bias.length],
      integers.bias,
      perTensor ? biasScales.slice(0, 1) : biasScales,
      perTensor ? undefined : 0,
    ),
  ];
}

/** The axis of a convolution's output channels in ONNX's weights. */
function channelAxis({ op }: WeightedNode): number {
  return op === 'transpose-conv' ? 1 : 0;
}

function writeStored(
  parts: FileParts,
  name: string,
  shape: readonly number[],
  data: Int8Array | Int32Array,
  scales: Float32Array,
  axis: number | undefined,
): string {
  const scaleShape = axis === undefined ? [] : [scales.length];
  const zeros = data instanceof Int8Array ? new Int8Array(scales.length) : new Int32Array(scales.length);
  const names = [`${name}/integers`, ...scaleNames(name)] as const;
  parts.tensors.push(
    wireTensor(names[0], shape, data),
    wireTensor(names[1], scaleShape, scales),
    wireTensor(names[2], scaleShape, zeros),
  );
  parts.nodes.push(wireNode('DequantizeLinear', `${name}/dequantize`, names, name, axis === undefined ? {} : { axis }));
  return name;
}
