import { LinegateError } from '../../../agent/core/errors.ts';
import type { BuiltinName, OptionsOf } from './builtins.ts';

/** real = (stored - zeroPoint) * scale; one scale, or one for each place along `axis` with zero point 0. */
export interface Quantisation {
  readonly scales: Float32Array;
  readonly zeroPoint: number;
  readonly axis: number;
}

/** A tensor of a .tflite file; stored ones have `data`, the others are made while the network runs. */
export interface TfliteTensor {
  readonly name: string;
  readonly type: 'int8' | 'int32';
  readonly shape: readonly number[];
  readonly quantisation?: Quantisation;
  readonly data?: Int8Array | Int32Array;
}

/** An operator of one kind; `inputs` and `output` are places in the model's list of tensors. */
export interface OperatorOf<B extends BuiltinName> {
  readonly builtin: B;
  readonly inputs: readonly number[];
  readonly output: number;
  readonly options: OptionsOf<B>;
}

export type TfliteOperator = { [B in BuiltinName]: OperatorOf<B> }[BuiltinName];

/** An INT8 network as TensorFlow Lite Micro runs it: operators in order, one picture in. */
export interface TfliteModel {
  readonly tensors: readonly TfliteTensor[];
  readonly operators: readonly TfliteOperator[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** The tensor at `index`. Throws LinegateError 'bad-model' when there is none. */
export function tensorAt({ tensors }: Pick<TfliteModel, 'tensors'>, index: number | undefined): TfliteTensor {
  const tensor = index === undefined ? undefined : tensors[index];
  if (tensor === undefined) throw new LinegateError('bad-model', `The TFLite model has no tensor ${index}.`);
  return tensor;
}

/** How many numbers a shape holds. */
export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}
