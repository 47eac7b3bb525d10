import { LinegateError } from '../../../agent/core/errors.ts';
import { type Graph, isWeighted, type Node, type WeightedNode } from '../ir/graph.ts';
import { wireNode } from '../onnx/nodes.ts';
import { wireTensor } from '../onnx/tensors.ts';
import { operatorOf } from '../ops/registry.ts';
import type { QuantPlan } from '../quantize/plan.ts';
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

/**
 * Stores a layer's weights and bias; gives both names, for the bias none where it is zero. The bias is stored as real numbers, of which
 * onnxruntime makes the plan's integers again while it loads the file: that spares scales and a node.
 */
function writeLayer(parts: FileParts, node: WeightedNode, plan: QuantPlan): [string, string] {
  const integers = plan.layers.get(node.name);
  if (integers === undefined) throw new LinegateError('illegal-input', `The plan has no integers for "${node.name}".`);
  const input = scaleOf(plan, node.inputs[0] ?? '').scale;
  const { scales } = integers;
  const [weights, bias] = [`${node.name}/weights`, `${node.name}/bias`];
  writeWeights(parts, weights, node, integers.weights, scales);
  if (integers.bias.every((sums) => sums === 0)) return [weights, ''];
  const scaleOfChannel = (channel: number) => input * (scales[scales.length === 1 ? 0 : channel] ?? 1);
  const real = Float32Array.from(integers.bias, (sums, channel) => sums * scaleOfChannel(channel));
  parts.tensors.push(wireTensor(bias, [real.length], real));
  return [weights, bias];
}

/** Stores weights and their way back to real numbers, with one scale where all are the same. */
function writeWeights(
  parts: FileParts,
  name: string,
  node: WeightedNode,
  integers: Int8Array,
  scales: Float32Array,
): void {
  const { data, shape } = onnxWeights(node, integers);
  const single = scales.every((scale) => scale === scales[0]);
  const [stored, scale, zero] = [`${name}/integers`, ...scaleNames(name)] as const;
  parts.tensors.push(
    wireTensor(stored, shape, data),
    single ? wireTensor(scale, [], scales.slice(0, 1)) : wireTensor(scale, [scales.length], scales),
    wireTensor(zero, [], Int8Array.of(0)),
  );
  // Only of a dense layer does onnxruntime want to be told the zero point.
  const inputs = [stored, scale, ...(node.op === 'fully-connected' ? [zero] : [])];
  const axis = node.op === 'transpose-conv' ? 1 : 0;
  parts.nodes.push(wireNode('DequantizeLinear', `${name}/dequantize`, inputs, name, single ? {} : { axis }));
}
