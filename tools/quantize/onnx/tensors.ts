import { LinegateError } from '../../../agent/core/errors.ts';
import { checkedName } from './names.ts';
import type { WireInt, WireTensor } from './schema.ts';

/** A float32 tensor whose content is in the file. */
export interface FloatConstant {
  readonly kind: 'float';
  readonly shape: readonly number[];
  readonly data: Float32Array;
  /** Where the file holds it as integers about zero: their scale, or one for each place along an axis. */
  readonly scales?: Float32Array;
}

/** An int32 or int64 tensor whose content is in the file: sizes, axes, pads. */
export interface IntegerConstant {
  readonly kind: 'integer';
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** An int8 or uint8 tensor: quantised weights, zero points. */
export interface ByteConstant {
  readonly kind: 'byte';
  readonly shape: readonly number[];
  readonly data: Int8Array | Uint8Array;
}

export type Constant = FloatConstant | IntegerConstant | ByteConstant;

const LARGEST_TENSOR = 64 * 1024 * 1024;
/** A picture has 4; what an exporter computes beforehand has a few more at most. */
const MOST_SIDES = 8;

/** Element types by their ONNX number. */
export const elementType = { float: 1, uint8: 2, int8: 3, int32: 6, int64: 7 } as const;

/** A 64-bit integer of the file as a number. Throws LinegateError 'bad-model' when it is too large to be exact. */
export function integerOf(value: WireInt): number {
  const number = typeof value === 'number' ? value : value.toNumber();
  if (Number.isSafeInteger(number)) return number;
  throw new LinegateError('bad-model', `The model holds the integer ${number}, which no size or axis can be.`);
}

/** The number of elements of `shape`. Throws LinegateError 'bad-model' for negative or gigantic ones. */
export function elementCount(shape: readonly number[], what: string): number {
  if (shape.length > MOST_SIDES) {
    throw new LinegateError('bad-model', `${what} has ${shape.length} sides; at most ${MOST_SIDES} are read.`);
  }
  let count = 1;
  for (const size of shape) {
    count *= size;
    if (size < 0 || !Number.isInteger(size) || count > LARGEST_TENSOR) {
      throw new LinegateError('bad-model', `${what} has the shape [${shape}], which is too large or not a shape.`);
    }
  }
  return count;
}

/** The content of a tensor of the file. Throws LinegateError 'bad-model' when type, shape and bytes do not agree. */
export function constantOf(tensor: WireTensor): Constant {
  const what = `Tensor "${checkedName(tensor.name)}"`;
  if (tensor.dataLocation)
    throw new LinegateError('bad-model', `${what} lies in another file; export the model as one file.`);
  const shape = tensor.dims.map(integerOf);
  const count = elementCount(shape, what);
  const constant = contentOf(tensor, shape, what);
  if (constant.data.length === count) return constant;
  throw new LinegateError(
    'bad-model',
    `${what} has ${constant.data.length} elements but the shape [${shape}]; the file is damaged.`,
  );
}

function contentOf(tensor: WireTensor, shape: readonly number[], what: string): Constant {
  const raw = tensor.rawData?.length ? tensor.rawData : undefined;
  switch (tensor.dataType) {
    case elementType.float: {
      const data = raw ? rawFloats(raw, what) : Float32Array.from(tensor.floatData ?? []);
      return { kind: 'float', shape, data: finite(data, what) };
    }
    case elementType.uint8:
    case elementType.int8:
      return { kind: 'byte', shape, data: bytesOf(tensor) };
    case elementType.int32:
      return { kind: 'integer', shape, data: raw ? rawIntegers(raw, 4, what) : [...(tensor.int32Data ?? [])] };
    case elementType.int64:
      return { kind: 'integer', shape, data: raw ? rawIntegers(raw, 8, what) : longsOf(tensor) };
    default:
      throw new LinegateError(
        'bad-model',
        `${what} has the ONNX element type ${tensor.dataType}; float32 weights, or quantised int8 ones, are needed.`,
      );
  }
}

/** An end of a Slice may be the largest or the least of 64 bits; what is near it means the same. */
function nearest(number: number): number {
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, number));
}

function longsOf({ int64Data = [] }: WireTensor): number[] {
  return int64Data.map((value) => nearest(typeof value === 'number' ? value : value.toNumber()));
}

function bytesOf({ rawData, int32Data, dataType }: WireTensor): Int8Array | Uint8Array {
  const bytes = rawData?.length ? rawData : Uint8Array.from(int32Data ?? []);
  return dataType === elementType.int8 ? new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length) : bytes;
}

function finite(data: Float32Array, what: string): Float32Array {
  if (data.every(Number.isFinite)) return data;
  throw new LinegateError(
    'bad-model',
    `${what} holds a value that is not a finite number; train or export the model again.`,
  );
}

function rawFloats(raw: Uint8Array, what: string): Float32Array {
  checkWhole(raw, 4, what);
  // Bytes of a protobuf field lie at any address; a Float32Array view needs a multiple of four.
  const aligned = raw.byteOffset % 4 === 0 ? raw : Uint8Array.from(raw);
  return new Float32Array(aligned.buffer, aligned.byteOffset, raw.length / 4);
}

function rawIntegers(raw: Uint8Array, sizeBytes: 4 | 8, what: string): number[] {
  checkWhole(raw, sizeBytes, what);
  const view = new DataView(raw.buffer, raw.byteOffset, raw.length);
  const values: number[] = [];
  for (let at = 0; at < raw.length; at += sizeBytes) {
    values.push(sizeBytes === 4 ? view.getInt32(at, true) : nearest(Number(view.getBigInt64(at, true))));
  }
  return values;
}

function checkWhole(raw: Uint8Array, sizeBytes: number, what: string): void {
  if (raw.length % sizeBytes === 0) return;
  throw new LinegateError(
    'bad-model',
    `${what} has ${raw.length} bytes, not a multiple of ${sizeBytes}; the file is damaged.`,
  );
}

/** A tensor to write: `data` holds the elements in row-major order. */
export function wireTensor(
  name: string,
  shape: readonly number[],
  data: Float32Array | Int8Array | Uint8Array | Int32Array | BigInt64Array,
): WireTensor {
  const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { name, dims: shape, dataType: typeOf(data), rawData };
}

function typeOf(data: Float32Array | Int8Array | Uint8Array | Int32Array | BigInt64Array): number {
  if (data instanceof Float32Array) return elementType.float;
  if (data instanceof Uint8Array) return elementType.uint8;
  if (data instanceof Int8Array) return elementType.int8;
  return data instanceof Int32Array ? elementType.int32 : elementType.int64;
}
