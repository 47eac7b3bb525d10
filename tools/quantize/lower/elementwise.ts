import { type Activation, channelsOf } from '../ir/graph.ts';
import { floatAttribute, integerAttribute } from '../onnx/attributes.ts';
import type { OnnxNode } from '../onnx/graph.ts';
import type { FloatConstant } from '../onnx/tensors.ts';
import { type Binding, type Lowering, outputOf, refuse } from './lowering.ts';

/** Relu. */
export function readRelu(lowering: Lowering, node: OnnxNode): void {
  appendActivation(lowering, node, 'relu');
}

/** Clip from 0 to 6 or upwards from 0; limits are attributes before opset 11, inputs since. */
export function readClip(lowering: Lowering, node: OnnxNode): void {
  const low = clipLimit(lowering, node, 1, 'min', Number.NEGATIVE_INFINITY);
  const high = clipLimit(lowering, node, 2, 'max', Number.POSITIVE_INFINITY);
  const open = high > 3e38;
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
  const scale = Float32Array.from(
    { length: channels },
    (_, c) => (gamma?.[c] ?? 0) / Math.sqrt((variance?.[c] ?? 0) + epsilon),
  );
  const shift = scale.map((factor, c) => (beta?.[c] ?? 0) - (mean?.[c] ?? 0) * factor);
  appendAffine(lowering, node, input, scale, shift);
}

/** Add, Sub, Mul and Div: of a value and a constant a factor and a shift; of two values only Add. */
export function readArithmetic(lowering: Lowering, node: OnnxNode): void {
  const first = lowering.constant(node, 0);
  const constant = lowering.constant(node, 1) ?? first;
  if (constant === undefined) return readAdd(lowering, node);
  const reversed = first !== undefined;
  const input = lowering.input(node, reversed ? 1 : 0);
  if (constant.kind !== 'float') refuse(node, 'its constant is not float');
  const values = perChannel(lowering, node, input, constant);
  const ones = values.map(() => 1);
  const zeros = new Float32Array(values.length);
  switch (node.opType) {
    case 'Mul':
      return appendAffine(lowering, node, input, values, zeros);
    case 'Add':
      return appendAffine(lowering, node, input, ones, values);
    case 'Sub':
      return reversed
        ? appendAffine(
            lowering,
            node,
            input,
            ones.map((one) => -one),
            values,
          )
        : appendAffine(
            lowering,
            node,
            input,
            ones,
            values.map((value) => -value),
          );
    default:
      if (reversed) refuse(node, 'a constant divided by a value is not possible');
      return appendAffine(
        lowering,
        node,
        input,
        values.map((value) => 1 / value),
        zeros,
      );
  }
}

function readAdd(lowering: Lowering, node: OnnxNode): void {
  if (node.opType !== 'Add') refuse(node, 'it joins two values that are known only at run time; only Add can');
  const left = lowering.input(node, 0);
  const right = lowering.input(node, 1);
  if (left.axes.join() !== right.axes.join() || left.flattened?.join() !== right.flattened?.join()) {
    refuse(node, 'its two inputs lie in different layouts');
  }
  const { value, ...binding } = left;
  const common = { name: node.name, inputs: [value, right.value], output: outputOf(node) };
  lowering.append(node, { ...common, op: 'add', activation: 'none' }, binding);
}

function appendAffine(
  lowering: Lowering,
  node: OnnxNode,
  { value, ...binding }: Binding,
  scale: Float32Array,
  shift: Float32Array,
): void {
  if (![...scale, ...shift].every(Number.isFinite)) refuse(node, 'its factors are not all finite numbers');
  lowering.append(
    node,
    { op: 'affine', name: node.name, inputs: [value], output: outputOf(node), scale, shift },
    binding,
  );
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
  const [first] = inputs;
  if (first === undefined) return refuse(node, 'it has no inputs');
  const axis = integerAttribute(node, 'axis', 1);
  const channel = first.axes[axis < 0 ? axis + first.axes.length : axis] === channelAxis(lowering, first);
  const alike = inputs.every((input) => input.axes.join() === first.axes.join() && input.flattened === undefined);
  if (!channel || !alike) refuse(node, 'it does not join pictures of one layout along their channels');
  const common = { name: node.name, inputs: inputs.map(({ value }) => value), output: outputOf(node) };
  lowering.append(node, { ...common, op: 'concat' }, { axes: first.axes });
}
