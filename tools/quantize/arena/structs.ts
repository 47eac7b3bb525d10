import type { BuiltinName } from '../tflite/builtins.ts';
import { aligned } from './lifetimes.ts';

/** A C++ struct as far as its size goes: fields of 4 bytes, of 8, and pointers or sizes. */
interface Struct {
  readonly ints?: number;
  readonly doubles?: number;
  readonly pointers?: number;
}

/** What an operator of TensorFlow Lite Micro keeps in the arena: its options and its prepared data. */
interface OperatorStructs {
  /** The parsed options (builtin_op_data.h). */
  readonly options: Struct;
  /** What Prepare works out (OpData of the kernel); none where a kernel keeps nothing. */
  readonly data?: Struct;
  /** Two 32-bit numbers for every output channel. */
  readonly perChannel?: boolean;
}

const conv = { options: { ints: 7 }, data: { ints: 14, pointers: 2 }, perChannel: true };
const pool = { options: { ints: 10 }, data: { ints: 8 } };
const pad = { options: {}, data: { ints: 16 } };

/**
 * The reference kernels of 2024 and 2025, fields that some builds leave out (compression) counted: with them a prediction is
 * never too small. ESP-NN's kernels keep a few numbers more, which the margin of `predictArena` covers.
 */
export const operatorStructs: { readonly [B in BuiltinName]: OperatorStructs } = {
  ADD: { options: { ints: 2 }, data: { ints: 20 } },
  AVERAGE_POOL_2D: pool,
  CONCATENATION: { options: { ints: 3 }, data: { ints: 6, pointers: 22 } },
  CONV_2D: conv,
  DEPTHWISE_CONV_2D: conv,
  FULLY_CONNECTED: { options: { ints: 5 }, data: { ints: 12, pointers: 2 } },
  HARD_SWISH: { options: {}, data: { ints: 5 } },
  LOGISTIC: { options: {}, data: { ints: 4 } },
  MAX_POOL_2D: pool,
  MUL: { options: { ints: 1 }, data: { ints: 9 } },
  PAD: pad,
  PADV2: pad,
  QUANTIZE: { options: {}, data: { ints: 10, doubles: 1 } },
  RELU: { options: {}, data: { ints: 10 } },
  RELU6: { options: {}, data: { ints: 4 } },
  RESHAPE: { options: { ints: 9 } },
  RESIZE_NEAREST_NEIGHBOR: { options: { ints: 1 } },
  SOFTMAX: { options: { ints: 1 }, data: { doubles: 1, ints: 9, pointers: 5 } },
  TRANSPOSE_CONV: { options: { ints: 5 }, data: { ints: 24, pointers: 2 }, perChannel: true },
};

/** Structures that there is one of for a tensor, an operator, an input or output, or the whole interpreter. */
export const structs = {
  evalTensor: { ints: 1, pointers: 2 },
  node: { ints: 1, pointers: 7 },
  /** TfLiteTensor with its quantisation and a list of one zero point. */
  tensor: { ints: 4, pointers: 6 },
  quantisation: { ints: 1, pointers: 2 },
  zeroPoints: { ints: 2 },
  /** Buffer allocator, planner, micro allocator, allocator of options, subgraph. */
  interpreter: { pointers: 68 },
  /** While the plan is made: for every tensor, and for every buffer. */
  allocationInfo: { ints: 4, pointers: 2 },
  plannedBuffer: { ints: 10 },
} as const satisfies Readonly<Record<string, Struct>>;

/** Bytes of a struct where pointers have `pointerBytes`. */
export function sizeOfStruct({ ints = 0, doubles = 0, pointers = 0 }: Struct, pointerBytes: 4 | 8): number {
  const alignment = doubles > 0 || (pointers > 0 && pointerBytes === 8) ? 8 : 4;
  return aligned(4 * ints + 8 * doubles + pointerBytes * pointers, alignment);
}
