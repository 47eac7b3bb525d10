import { channelsOf } from '../ir/graph.ts';
import { floatAttribute, integerAttribute } from '../onnx/attributes.ts';
import type { OnnxNode } from '../onnx/graph.ts';
import type { FloatConstant } from '../onnx/tensors.ts';
import { type Binding, elementsOf, type Lowering, outputOf, refuse } from './lowering.ts';

/** y = x * scale + shift, a number of each a channel. */
interface Factors {
  readonly scale: Float32Array;
  readonly shift: Float32Array;
}

/** BatchNormalization as a factor and a shift a channel. */
export function readBatchNorm(lowering: Lowering, node: OnnxNode): void {
  const input = lowering.input(node, 0);
  const [gamma, beta, mean, variance] = [1, 2, 3, 4].map((index) => lowering.weights(node, index).data);
  const epsilon = floatAttribute(node, 'epsilon', 1e-5);
  const channels = channelsOf(lowering.shape(input.value));
  if ([gamma, beta, mean, variance].some((list) => list?.length !== channels)) {
    refuse(node, `its weights are not ${channels} numbers each`);
  }
  if (input.axes[1] !== channelAxis(lowering, input)) refuse(node, 'its input must have channels first');
  const scale = Float32Array.from(gamma ?? [], (factor, c) => factor / Math.sqrt((variance?.[c] ?? 0) + epsilon));
  const shift = scale.map((factor, c) => (beta?.[c] ?? 0) - (mean?.[c] ?? 0) * factor);
  appendAffine(lowering, node, input, { scale, shift });
}

/** Add, Sub, Mul and Div: of a value and a constant a factor and a shift; two values Add and Mul can join. */
export function readArithmetic(lowering: Lowering, node: OnnxNode): void {
  const first = lowering.constant(node, 0);
  const constant = first ?? lowering.constant(node, 1);
  if (constant === undefined) {
    if (node.opType === 'Mul') readMul(lowering, node);
    else if (node.opType === 'Add') readAdd(lowering, node);
    else refuse(node, 'it joins two values that are known only at run time; only Add and Mul can');
    return;
  }
  const input = lowering.input(node, first === undefined ? 0 : 1);
  if (constant.kind !== 'float') refuse(node, 'its constant is not float');
  const values = perChannel(lowering, node, input, constant);
  appendAffine(lowering, node, input, factorsOf(node, values, first !== undefined));
}

function factorsOf(node: OnnxNode, values: Float32Array, constantFirst: boolean): Factors {
  const ones = new Float32Array(values.length).fill(1);
  const zeros = new Float32Array(values.length);
  switch (node.opType) {
    case 'Mul':
      return { scale: values, shift: zeros };
    case 'Add':
      return { scale: ones, shift: values };
    case 'Sub':
      return constantFirst
        ? { scale: ones.map((one) => -one), shift: values }
        : { scale: ones, shift: values.map((value) => -value) };
    default:
      if (constantFirst) refuse(node, 'a constant divided by a value is not possible');
      return { scale: values.map((value) => 1 / value), shift: zeros };
  }
}

function readAdd(lowering: Lowering, node: OnnxNode): void {
  const left = lowering.input(node, 0);
  const right = lowering.input(node, 1);
  if (left.axes.join() !== right.axes.join() || left.flattened?.join() !== right.flattened?.join()) {
    refuse(node, 'its two inputs lie in different layouts');
  }
  const { value, ...binding } = left;
  const common = { name: node.name, inputs: [value, right.value], output: outputOf(node) };
  lowering.append(node, { ...common, op: 'add', activation: 'none' }, binding);
}

/** Of two values, one of which may be a factor a channel for the other. */
function readMul(lowering: Lowering, node: OnnxNode): void {
  const inputs = [lowering.input(node, 0), lowering.input(node, 1)] as const;
  const [left, right] = inputs.map((input) => lowering.onnxShape(input));
  const pixels = (input: Binding) => elementsOf(lowering.shape(input.value)) / channelsOf(lowering.shape(input.value));
  const larger = pixels(inputs[0]) >= pixels(inputs[1]) ? inputs[0] : inputs[1];
  const alike = left?.every((side, i) => {
    const other = right?.[i] ?? 1;
    return side === 1 || other === 1 || inputs[0].axes[i] === inputs[1].axes[i];
  });
  if (!alike || left?.length !== right?.length || inputs.some(({ flattened }) => flattened !== undefined)) {
    refuse(node, 'its two inputs lie in different layouts');
  }
  const { value: _, ...binding } = larger;
  const common = { name: node.name, inputs: inputs.map(({ value }) => value), output: outputOf(node) };
  lowering.append(node, { ...common, op: 'mul' }, binding);
}

function appendAffine(lowering: Lowering, node: OnnxNode, { value, ...binding }: Binding, factors: Factors): void {
  if (![...factors.scale, ...factors.shift].every(Number.isFinite)) {
    refuse(node, 'its factors are not all finite numbers');
  }
  const common = { name: node.name, inputs: [value], output: outputOf(node) };
  lowering.append(node, { ...common, op: 'affine', ...factors }, binding);
}

function channelAxis(lowering: Lowering, binding: Binding): number {
  return lowering.shape(binding.value).length - 1;
}

/** A number a channel from a constant that ONNX would broadcast over `input`. */
function perChannel(lowering: Lowering, node: OnnxNode, input: Binding, constant: FloatConstant): Float32Array {
  const channels = channelsOf(lowering.shape(input.value));
  const [single] = constant.data;
  if (constant.data.length === 1 && single !== undefined) return new Float32Array(channels).fill(single);
  const aligned = input.axes.slice(-constant.shape.length);
  const fits = constant.shape.every((side, i) => side === (aligned[i] === channelAxis(lowering, input) ? channels : 1));
  if (fits && constant.shape.length <= input.axes.length && input.flattened === undefined) return constant.data;
  return refuse(node, `its constant of shape [${constant.shape}] is not one number a channel`);
}

/** Concat along channels. */
export function readConcat(lowering: Lowering, node: OnnxNode): void {
  const inputs = node.inputs.map((_, index) => lowering.input(node, index));
  const first = lowering.input(node, 0);
  const axis = integerAttribute(node, 'axis', 1);
  const channel = first.axes[axis < 0 ? axis + first.axes.length : axis] === channelAxis(lowering, first);
  const alike = inputs.every((input) => input.axes.join() === first.axes.join() && input.flattened === undefined);
  if (!channel || !alike) refuse(node, 'it does not join pictures of one layout along their channels');
  const common = { name: node.name, inputs: inputs.map(({ value }) => value), output: outputOf(node) };
  lowering.append(node, { ...common, op: 'concat' }, { axes: first.axes });
}
