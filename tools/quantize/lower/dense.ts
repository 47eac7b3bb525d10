import type { FullyConnectedNode, Shape } from '../ir/graph.ts';
import { floatAttribute, integerAttribute } from '../onnx/attributes.ts';
import type { OnnxNode } from '../onnx/graph.ts';
import { transposed } from '../onnx/reorder.ts';
import type { FloatConstant } from '../onnx/tensors.ts';
import { type Binding, type Lowering, outputOf, refuse, VECTOR } from './lowering.ts';

type Matrix = Pick<FloatConstant, 'data' | 'shape' | 'scales'>;

/** Gemm with weights as its second input. */
export function readGemm(lowering: Lowering, node: OnnxNode): void {
  if (integerAttribute(node, 'transA', 0) !== 0) refuse(node, 'transA is not possible');
  const alpha = floatAttribute(node, 'alpha', 1);
  const beta = floatAttribute(node, 'beta', 1);
  const weights = outputsFirst(node, lowering.weights(node, 1), integerAttribute(node, 'transB', 0) !== 0);
  const outputs = weights.shape[0] ?? 0;
  const given = node.inputs[2] ? lowering.weights(node, 2).data : Float32Array.of(0);
  if (given.length !== outputs && given.length !== 1)
    refuse(node, `its bias has ${given.length} numbers for ${outputs} outputs`);
  const bias = Float32Array.from({ length: outputs }, (_, i) => beta * (given[given.length === 1 ? 0 : i] ?? 0));
  const scaled = alpha === 1 ? weights : { shape: weights.shape, data: weights.data.map((weight) => weight * alpha) };
  appendDense(lowering, node, scaled, bias);
}

/** MatMul with weights as its second input; an Add behind it becomes its bias later. */
export function readMatMul(lowering: Lowering, node: OnnxNode): void {
  const weights = outputsFirst(node, lowering.weights(node, 1), false);
  appendDense(lowering, node, weights, new Float32Array(weights.shape[0] ?? 0));
}

function outputsFirst(node: OnnxNode, weights: FloatConstant, already: boolean): Matrix {
  if (weights.shape.length !== 2) refuse(node, `its weights have the shape [${weights.shape}]; a matrix is needed`);
  return already ? weights : { ...weights, ...transposed(weights.data, weights.shape, [1, 0]) };
}

function appendDense(lowering: Lowering, node: OnnxNode, weights: Matrix, bias: Float32Array): void {
  const input = lowering.input(node, 0);
  const dense: FullyConnectedNode = {
    op: 'fully-connected',
    name: node.name,
    inputs: [input.value],
    output: outputOf(node),
    weights: channelsLast(weights, input),
    weightShape: weights.shape,
    bias,
    activation: 'none',
  };
  lowering.append(node, dense, { axes: VECTOR }, weights.scales);
}

/** Weights in the order of the IR's vector when ONNX flattened the picture channels first. */
function channelsLast(weights: Matrix, { flattened }: Binding): Float32Array {
  const [outputs = 0, length] = weights.shape;
  const [, height = 1, width = 1, channels = 1] = flattened ?? ([] as Shape);
  if (flattened === undefined || height * width * channels !== length) return weights.data;
  return transposed(weights.data, [outputs, channels, height, width], [0, 2, 3, 1]).data;
}
