import { LinegateError, messageOf } from '../../../agent/core/errors.ts';
import { type BuiltinName, builtins, builtinWithCode, optionFields } from './builtins.ts';
import { elementsOf, type Quantisation, type TfliteModel, type TfliteOperator, type TfliteTensor } from './model.ts';
import { Table } from './table.ts';

const TENSOR_TYPES = new Map([
  [9, 'int8'],
  [2, 'int32'],
] as const);

/**
 * The network in the bytes of an INT8 .tflite file.
 * Throws LinegateError 'bad-model' when it is broken or holds what the simulator does not run.
 */
export function readTflite(bytes: Uint8Array): TfliteModel {
  try {
    return readModel(Table.root(bytes));
  } catch (error) {
    if (error instanceof LinegateError) throw error;
    throw new LinegateError('bad-model', `This is no whole TFLite file (${messageOf(error)}).`, { cause: error });
  }
}

function readModel(root: Table): TfliteModel {
  const [subgraph, ...others] = root.tables(2);
  if (subgraph === undefined || others.length > 0) {
    throw new LinegateError(
      'bad-model',
      `The TFLite file holds ${others.length} subgraphs besides one; one is needed.`,
    );
  }
  const buffers = root.tables(4).map((buffer) => buffer.bytes(0));
  const kinds = root.tables(1).map(builtinOf);
  return {
    tensors: subgraph.tables(0).map((tensor) => readTensor(tensor, buffers)),
    operators: subgraph.tables(3).map((operator) => readOperator(operator, kinds)),
    inputs: subgraph.int32s(1),
    outputs: subgraph.int32s(2),
  };
}

function builtinOf(code: Table): BuiltinName {
  // Codes over 127 do not fit the older field.
  const number = Math.max(code.int8(0), code.int32(3));
  const name = builtinWithCode(number);
  if (name !== undefined) return name;
  const known = Object.keys(builtins).join(', ');
  throw new LinegateError('bad-model', `The TFLite file uses the operator ${number}; possible are ${known}.`);
}

function readTensor(tensor: Table, buffers: readonly (Uint8Array | undefined)[]): TfliteTensor {
  const name = tensor.text(3);
  const type = TENSOR_TYPES.get(tensor.int8(1) as 9 | 2);
  if (type === undefined) {
    throw new LinegateError(
      'bad-model',
      `The tensor "${name}" has TFLite's type ${tensor.int8(1)}; int8 and int32 are possible.`,
    );
  }
  const shape = tensor.int32s(0);
  const quantisation = readQuantisation(tensor.table(4));
  const data = storedData(name, type, shape, buffers[tensor.int32(2)]);
  return { name, type, shape, ...(quantisation && { quantisation }), ...(data && { data }) };
}

function storedData(name: string, type: 'int8' | 'int32', shape: readonly number[], bytes: Uint8Array | undefined) {
  if (bytes === undefined) return undefined;
  if (bytes.length === elementsOf(shape) * (type === 'int8' ? 1 : 4)) {
    return type === 'int8' ? new Int8Array(bytes.buffer) : new Int32Array(bytes.buffer);
  }
  throw new LinegateError('bad-model', `The tensor "${name}" has ${bytes.length} bytes for the shape [${shape}].`);
}

function readQuantisation(table: Table | undefined): Quantisation | undefined {
  const scales = table?.float32s(2);
  if (table === undefined || scales === undefined || scales.length === 0) return undefined;
  return { scales, zeroPoint: table.int64s(3)[0] ?? 0, axis: table.int32(6) };
}

function readOperator(operator: Table, kinds: readonly BuiltinName[]): TfliteOperator {
  const builtin = kinds[operator.int32(0)];
  const [output, ...more] = operator.int32s(2);
  if (builtin === undefined || output === undefined || more.length > 0) {
    throw new LinegateError('bad-model', 'The TFLite file has an operator without a kind or with several outputs.');
  }
  const options = readOptions(builtin, operator.table(4));
  return { builtin, inputs: operator.int32s(1), output, options } as TfliteOperator;
}

function readOptions(builtin: BuiltinName, table: Table | undefined): Record<string, number | readonly number[]> {
  const fields = optionFields(builtin).map(([name, { id, kind, fallback }]) => {
    if (kind === 'ints') return [name, table?.int32s(id) ?? []] as const;
    if (kind === 'float') return [name, table?.float32(id, fallback) ?? fallback] as const;
    const read = kind === 'byte' ? table?.int8(id, fallback) : table?.int32(id, fallback);
    return [name, read ?? fallback] as const;
  });
  return Object.fromEntries(fields);
}
