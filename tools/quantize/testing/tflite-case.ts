import { Simulator } from '../sim/simulator.ts';
import type { BuiltinName, OptionsOf } from '../tflite/builtins.ts';
import { elementsOf, type TfliteOperator, type TfliteTensor } from '../tflite/model.ts';

/** An int8 tensor of one scale; with `data` a stored one. */
export function int8Tensor(
  shape: readonly number[],
  scale: number,
  zeroPoint: number,
  data?: readonly number[],
): TfliteTensor {
  const quantisation = { scales: Float32Array.of(scale), zeroPoint, axis: 0 };
  return { name: 'tensor', type: 'int8', shape, quantisation, ...(data && { data: Int8Array.from(data) }) };
}

/** Stored weights with a scale a channel along `axis`. */
export function weightTensor(
  shape: readonly number[],
  scales: readonly number[],
  data: readonly number[],
  axis = 0,
): TfliteTensor {
  const quantisation = { scales: Float32Array.from(scales), zeroPoint: 0, axis };
  return { name: 'weights', type: 'int8', shape, quantisation, data: Int8Array.from(data) };
}

/** Stored 32-bit integers: biases or pads. */
export function int32Tensor(data: readonly number[], shape: readonly number[] = [data.length]): TfliteTensor {
  return { name: 'integers', type: 'int32', shape, data: Int32Array.from(data) };
}

/** What one operator makes of the integers `given` in its input `at`, the first by default. */
export function runOperator<B extends BuiltinName>(
  builtin: B,
  options: OptionsOf<B>,
  inputs: readonly TfliteTensor[],
  output: TfliteTensor,
  given: readonly number[],
  at = 0,
): number[] {
  const places = inputs.map((_, index) => index);
  const operator = { builtin, inputs: places, output: inputs.length, options } as unknown as TfliteOperator;
  const model = { tensors: [...inputs, output], operators: [operator], inputs: [at], outputs: [inputs.length] };
  const [result = new Int8Array()] = new Simulator(model).run(Int8Array.from(given));
  if (result.length !== elementsOf(output.shape)) throw new RangeError(`${result.length} numbers came back`);
  return [...result];
}
