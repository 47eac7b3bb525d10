/**
 * The operators of TFLite that the quantiser writes and the simulator runs: numbers, versions and option tables of TFLite's
 * schema.fbs (version 3). An option's `id` is its place in its FlatBuffers table, `fallback` its value when it is not stored.
 */
export type OptionKind = 'byte' | 'int' | 'float' | 'ints';

export interface OptionField {
  readonly id: number;
  readonly kind: OptionKind;
  readonly fallback: number;
}

/** One built-in operator. `table` is its number in the union of options, 0 for none. */
interface Builtin {
  readonly code: number;
  /** The lowest version that means int8 with all that we use. */
  readonly version: number;
  readonly table: number;
  /** The method of TensorFlow Lite Micro's MicroMutableOpResolver that registers it. */
  readonly register: string;
  readonly options: Readonly<Record<string, OptionField>>;
}

const byte = (id: number, fallback = 0) => ({ id, kind: 'byte', fallback }) as const;
const int = (id: number, fallback = 0) => ({ id, kind: 'int', fallback }) as const;

const pool = {
  padding: byte(0),
  strideW: int(1),
  strideH: int(2),
  filterW: int(3),
  filterH: int(4),
  activation: byte(5),
};

export const builtins = {
  ADD: { code: 0, version: 2, table: 11, register: 'AddAdd', options: { activation: byte(0) } },
  AVERAGE_POOL_2D: { code: 1, version: 2, table: 5, register: 'AddAveragePool2D', options: pool },
  CONCATENATION: {
    code: 2,
    version: 2,
    table: 10,
    register: 'AddConcatenation',
    options: { axis: int(0), activation: byte(1) },
  },
  CONV_2D: {
    code: 3,
    version: 3,
    table: 1,
    register: 'AddConv2D',
    options: {
      padding: byte(0),
      strideW: int(1),
      strideH: int(2),
      activation: byte(3),
      dilationW: int(4, 1),
      dilationH: int(5, 1),
    },
  },
  DEPTHWISE_CONV_2D: {
    code: 4,
    version: 3,
    table: 2,
    register: 'AddDepthwiseConv2D',
    options: {
      padding: byte(0),
      strideW: int(1),
      strideH: int(2),
      depthMultiplier: int(3),
      activation: byte(4),
      dilationW: int(5, 1),
      dilationH: int(6, 1),
    },
  },
  FULLY_CONNECTED: { code: 9, version: 4, table: 8, register: 'AddFullyConnected', options: { activation: byte(0) } },
  LOGISTIC: { code: 14, version: 2, table: 0, register: 'AddLogistic', options: {} },
  MAX_POOL_2D: { code: 17, version: 2, table: 5, register: 'AddMaxPool2D', options: pool },
  MUL: { code: 18, version: 2, table: 21, register: 'AddMul', options: { activation: byte(0) } },
  RELU: { code: 19, version: 2, table: 0, register: 'AddRelu', options: {} },
  RELU6: { code: 21, version: 2, table: 0, register: 'AddRelu6', options: {} },
  RESHAPE: {
    code: 22,
    version: 1,
    table: 17,
    register: 'AddReshape',
    options: { shape: { id: 0, kind: 'ints', fallback: 0 } },
  },
  SOFTMAX: {
    code: 25,
    version: 2,
    table: 9,
    register: 'AddSoftmax',
    options: { beta: { id: 0, kind: 'float', fallback: 0 } },
  },
  PAD: { code: 34, version: 2, table: 22, register: 'AddPad', options: {} },
  PADV2: { code: 60, version: 2, table: 43, register: 'AddPadV2', options: {} },
  TRANSPOSE_CONV: {
    code: 67,
    version: 3,
    table: 49,
    register: 'AddTransposeConv',
    options: { padding: byte(0), strideW: int(1), strideH: int(2) },
  },
  RESIZE_NEAREST_NEIGHBOR: {
    code: 97,
    version: 3,
    table: 74,
    register: 'AddResizeNearestNeighbor',
    options: { alignCorners: byte(0), halfPixelCentres: byte(1) },
  },
  QUANTIZE: { code: 114, version: 2, table: 0, register: 'AddQuantize', options: {} },
  HARD_SWISH: { code: 117, version: 1, table: 0, register: 'AddHardSwish', options: {} },
} as const satisfies Readonly<Record<string, Builtin>>;

export type BuiltinName = keyof typeof builtins;

type Fields<B extends BuiltinName> = (typeof builtins)[B]['options'];

/** The options of an operator by name; enumerations are TFLite's numbers. */
export type OptionsOf<B extends BuiltinName> = {
  readonly [Name in keyof Fields<B>]: Fields<B>[Name] extends { readonly kind: 'ints' } ? readonly number[] : number;
};

/** TFLite's numbers of paddings and fused activations. */
export const PADDING = { same: 0, valid: 1 } as const;
export const ACTIVATION = { none: 0, relu: 1, relu6: 3 } as const;

/** The option table of an operator, for code that reads and writes all of them alike. */
export function optionFields(name: BuiltinName): readonly (readonly [string, OptionField])[] {
  return Object.entries(builtins[name].options);
}

/** The built-in operator with TFLite's number `code`; undefined when the quantiser has none. */
export function builtinWithCode(code: number): BuiltinName | undefined {
  return (Object.keys(builtins) as BuiltinName[]).find((name) => builtins[name].code === code);
}
