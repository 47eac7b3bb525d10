import { Builder } from 'flatbuffers';
import { type BuiltinName, builtins, type OptionField, optionFields } from './builtins.ts';
import type { Quantisation, TfliteModel, TfliteOperator, TfliteTensor } from './model.ts';

const SCHEMA_VERSION = 3;
const FILE_IDENTIFIER = 'TFL3';
const TENSOR_TYPE = { int8: 9, int32: 2 } as const;
/** Microcontrollers read weights where they lie in the file; 16 suits every kernel. */
const DATA_ALIGNMENT = 16;

/** A field of a FlatBuffers table: its place and a function that adds it. Tables are written after what they point to. */
type Field = (builder: Builder) => void;

/** The bytes of a .tflite file. The same model gives the same bytes. */
export function writeTflite(model: TfliteModel): Uint8Array {
  const builder = new Builder(1024);
  const stored = model.tensors.filter(({ data }) => data !== undefined);
  // TFLite's rule: buffer 0 is empty and stands for every tensor that is not stored.
  const buffers = [table(builder, []), ...stored.map((tensor) => dataBuffer(builder, tensor))];
  const bufferOf = (tensor: TfliteTensor) => stored.indexOf(tensor) + 1;
  const zeroPoints = new ZeroPoints(builder);
  const kinds = [...new Set(model.operators.map(({ builtin }) => builtin))];
  const subgraph = table(builder, [
    at(
      0,
      offsets(
        builder,
        model.tensors.map((tensor) => writeTensor(builder, tensor, bufferOf(tensor), zeroPoints)),
      ),
    ),
    at(1, ints(builder, model.inputs)),
    at(2, ints(builder, model.outputs)),
    at(
      3,
      offsets(
        builder,
        model.operators.map((one) => writeOperator(builder, one, kinds.indexOf(one.builtin))),
      ),
    ),
  ]);
  const description = builder.createString('linegate');
  const root = table(builder, [
    int32(0, SCHEMA_VERSION),
    at(
      1,
      offsets(
        builder,
        kinds.map((kind) => operatorCode(builder, kind)),
      ),
    ),
    at(2, offsets(builder, [subgraph])),
    at(3, description),
    at(4, offsets(builder, buffers)),
  ]);
  builder.finish(root, FILE_IDENTIFIER);
  return builder.asUint8Array().slice();
}

function dataBuffer(builder: Builder, { data = new Int8Array() }: TfliteTensor): number {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  builder.startVector(1, bytes.length, DATA_ALIGNMENT);
  for (let i = bytes.length - 1; i >= 0; i -= 1) builder.addInt8(bytes[i] ?? 0);
  return table(builder, [at(0, builder.endVector())]);
}

function operatorCode(builder: Builder, kind: BuiltinName): number {
  const { code, version } = builtins[kind];
  return table(builder, [int8(0, code), int32(2, version), int32(3, code)]);
}

function writeTensor(builder: Builder, tensor: TfliteTensor, buffer: number, zeroPoints: ZeroPoints): number {
  const shape = ints(builder, tensor.shape);
  const name = builder.createString(tensor.name);
  const quantisation = tensor.quantisation && writeQuantisation(builder, tensor.quantisation, zeroPoints);
  return table(builder, [
    at(0, shape),
    int8(1, TENSOR_TYPE[tensor.type]),
    int32(2, buffer),
    at(3, name),
    ...(quantisation === undefined ? [] : [at(4, quantisation)]),
  ]);
}

function writeQuantisation(
  builder: Builder,
  { scales, zeroPoint, axis }: Quantisation,
  zeroPoints: ZeroPoints,
): number {
  const scale = vector(builder, 4, [...scales], (one) => builder.addFloat32(one));
  const zero = zeroPoints.offsetOf(zeroPoint, scales.length);
  return table(builder, [at(2, scale), at(3, zero), int32(6, axis)]);
}

/** A zero point a channel, eight bytes each, as TFLite wants them. All tensors with the same point at one list: a twentieth of a small file. */
class ZeroPoints {
  readonly #builder: Builder;
  readonly #written = new Map<string, number>();

  constructor(builder: Builder) {
    this.#builder = builder;
  }

  offsetOf(zeroPoint: number, channels: number): number {
    const key = `${zeroPoint} ${channels}`;
    const list = Array.from({ length: channels }, () => zeroPoint);
    const offset =
      this.#written.get(key) ?? vector(this.#builder, 8, list, (one) => this.#builder.addInt64(BigInt(one)));
    this.#written.set(key, offset);
    return offset;
  }
}

function writeOperator(builder: Builder, operator: TfliteOperator, code: number): number {
  const inputs = ints(builder, operator.inputs);
  const outputs = ints(builder, [operator.output]);
  const kind = builtins[operator.builtin].table;
  const given: Readonly<Record<string, number | readonly number[]>> = operator.options;
  const fields = optionFields(operator.builtin).map(([name, field]) => option(builder, field, given[name] ?? 0));
  const options = kind === 0 ? [] : [int8(3, kind), at(4, table(builder, fields))];
  return table(builder, [int32(0, code), at(1, inputs), at(2, outputs), ...options]);
}

function option(builder: Builder, { id, kind, fallback }: OptionField, value: number | readonly number[]): Field {
  if (typeof value !== 'number') return at(id, ints(builder, value));
  switch (kind) {
    case 'byte':
      return (open) => open.addFieldInt8(id, value, fallback);
    case 'float':
      return (open) => open.addFieldFloat32(id, value, fallback);
    case 'int':
    case 'ints':
      return (open) => open.addFieldInt32(id, value, fallback);
  }
}

/** The number of fields of the largest table; unused places at its end cost nothing in the file. */
const MOST_FIELDS = 9;

function table(builder: Builder, fields: readonly Field[]): number {
  builder.startObject(MOST_FIELDS);
  for (const field of fields) field(builder);
  return builder.endObject();
}

function at(id: number, offset: number): Field {
  return (builder) => builder.addFieldOffset(id, offset, 0);
}

function int8(id: number, value: number): Field {
  return (builder) => builder.addFieldInt8(id, value, 0);
}

function int32(id: number, value: number): Field {
  return (builder) => builder.addFieldInt32(id, value, 0);
}

function offsets(builder: Builder, list: readonly number[]): number {
  return vector(builder, 4, list, (one) => builder.addOffset(one));
}

function ints(builder: Builder, list: readonly number[]): number {
  return vector(builder, 4, list, (one) => builder.addInt32(one));
}

/** FlatBuffers are written from the end to the start. */
function vector(builder: Builder, size: number, list: readonly number[], add: (one: number) => void): number {
  builder.startVector(size, list.length, size);
  for (let i = list.length - 1; i >= 0; i -= 1) add(list[i] ?? 0);
  return builder.endVector();
}
