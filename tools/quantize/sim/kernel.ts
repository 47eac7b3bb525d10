import { LinegateError } from '../../../agent/core/errors.ts';
import { ACTIVATION, type BuiltinName } from '../tflite/builtins.ts';
import type { OperatorOf, Quantisation, TfliteTensor } from '../tflite/model.ts';
import { limited } from './fixed-point.ts';

export type Integers = Int8Array | Int32Array;

/** An operator with the tensors that it reads and writes. */
export interface Site<B extends BuiltinName> {
  readonly operator: OperatorOf<B>;
  readonly inputs: readonly TfliteTensor[];
  readonly output: TfliteTensor;
}

/** Fills `output` from `inputs`, in the order of the site's tensors. */
export type Invoke = (inputs: readonly Integers[], output: Int8Array) => void;

/** Works out, once, all that does not depend on the picture. Throws LinegateError 'bad-model' for what cannot run. */
export type Kernel<B extends BuiltinName> = (site: Site<B>) => Invoke;

/** [height, width, channels] of a picture. */
export function pictureShape({ name, shape }: TfliteTensor): [number, number, number] {
  const [batch, height, width, channels] = shape;
  if (shape.length === 4 && batch === 1 && height && width && channels) return [height, width, channels];
  throw new LinegateError('bad-model', `The tensor "${name}" is no single picture: its shape is [${shape}].`);
}

/** Throws LinegateError 'bad-model' unless the output's shape is `shape`, as its operator makes it. */
export function checkShape({ name, shape }: TfliteTensor, expected: readonly number[]): void {
  if (shape.join() === expected.join()) return;
  throw new LinegateError(
    'bad-model',
    `The tensor "${name}" has the shape [${shape}]; its operator gives [${expected}].`,
  );
}

/** The scale and zero point of a tensor that has one for all of it. */
export function scaleOf({ name, quantisation }: TfliteTensor): { readonly scale: number; readonly zeroPoint: number } {
  const scale = quantisation?.scales[0];
  if (quantisation !== undefined && scale !== undefined && scale > 0) {
    return { scale, zeroPoint: quantisation.zeroPoint };
  }
  throw new LinegateError('bad-model', `The tensor "${name}" has no scale; only INT8 models can be simulated.`);
}

/** The scales of stored weights, one for every output channel. */
export function channelScales(weights: TfliteTensor | undefined, channels: number): Float32Array {
  const quantisation: Quantisation | undefined = weights?.quantisation;
  const { scales = new Float32Array(), zeroPoint = 0 } = quantisation ?? {};
  if (zeroPoint === 0 && scales.length === channels) return scales;
  if (zeroPoint === 0 && scales.length === 1) return new Float32Array(channels).fill(scales[0] ?? 1);
  throw new LinegateError(
    'bad-model',
    `The weights "${weights?.name}" have ${scales.length} scales for ${channels} channels.`,
  );
}

/** The integers that an output may take with `activation` at its end. */
export function activationLimits(activation: number, output: TfliteTensor): { min: number; max: number } {
  const { scale, zeroPoint } = scaleOf(output);
  // TFLite divides in float32.
  const stored = (real: number) => limited(zeroPoint + Math.round(Math.fround(real / scale)), -128, 127);
  switch (activation) {
    case ACTIVATION.none:
      return { min: -128, max: 127 };
    case ACTIVATION.relu:
      return { min: stored(0), max: 127 };
    case ACTIVATION.relu6:
      return { min: stored(0), max: stored(6) };
    default:
      throw new LinegateError('bad-model', `TFLite's fused activation ${activation} cannot be simulated.`);
  }
}

/** The tensor's stored integers. Throws LinegateError 'bad-model' when it has none. */
export function storedIntegers(tensor: TfliteTensor | undefined): Integers {
  if (tensor?.data !== undefined) return tensor.data;
  throw new LinegateError('bad-model', `The tensor "${tensor?.name}" should be stored in the file and is not.`);
}
