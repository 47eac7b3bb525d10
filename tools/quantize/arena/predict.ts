import { elementsOf, type TfliteModel, type TfliteOperator, tensorAt } from '../tflite/model.ts';
import { espNnScratchBytes } from './esp-nn.ts';
import { highestByte, placeGreedily } from './greedy.ts';
import { ARENA_ALIGNMENT, aligned, type Lifetime, lifetimes } from './lifetimes.ts';
import { operatorStructs, sizeOfStruct, structs } from './structs.ts';

/** What TensorFlow Lite Micro needs of its tensor arena. */
export interface ArenaPrediction {
  /** Activations, as the greedy planner places them. */
  readonly activationBytes: number;
  /** What lives as long as the interpreter: tensors, operators, multipliers of channels. */
  readonly persistentBytes: number;
  /** The arena: both, or what planning itself needs where that is more. */
  readonly totalBytes: number;
}

/** Where a model is to run. */
export interface ArenaHost {
  /** 4 on microcontrollers; 8 to hold a prediction against an interpreter on a computer. */
  readonly pointerBytes: 4 | 8;
  /** ESP-NN's kernels for the ESP32-S3 need scratch memory, TensorFlow Lite Micro's reference kernels none. */
  readonly kernels: 'reference' | 'esp-nn-s3';
}

/** Predicts the arena of `model`. */
export function predictArena(
  model: TfliteModel,
  { pointerBytes, kernels }: ArenaHost = { pointerBytes: 4, kernels: 'reference' },
): ArenaPrediction {
  const buffers = [...lifetimes(model), ...scratchBuffers(model, kernels)];
  const activationBytes = highestByte(placeGreedily(buffers));
  const persistentBytes = persistent(model, pointerBytes);
  const planning =
    model.tensors.length * sizeOfStruct(structs.allocationInfo, pointerBytes) +
    buffers.length * sizeOfStruct(structs.plannedBuffer, pointerBytes);
  const totalBytes = aligned(Math.max(activationBytes, planning) + persistentBytes, ARENA_ALIGNMENT);
  return { activationBytes, persistentBytes, totalBytes };
}

/** Scratch memory is alive while its operator runs. */
function scratchBuffers(model: TfliteModel, kernels: ArenaHost['kernels']): Lifetime[] {
  return model.operators.flatMap((operator, index) => {
    const ofKernel = kernels === 'esp-nn-s3' ? espNnScratchBytes(model, operator) : 0;
    const sizeBytes = aligned(sumsBytes(model, operator) + ofKernel, ARENA_ALIGNMENT);
    return sizeBytes === 0 ? [] : [{ sizeBytes, firstUse: index + 1, lastUse: index + 1 }];
  });
}

/** A transposed convolution adds up all its places, in 32 bits each, before it rescales them. */
function sumsBytes(model: TfliteModel, { builtin, output }: TfliteOperator): number {
  return builtin === 'TRANSPOSE_CONV' ? 4 * elementsOf(tensorAt(model, output).shape) : 0;
}

function persistent(model: TfliteModel, pointerBytes: 4 | 8): number {
  const size = (name: keyof typeof structs) => sizeOfStruct(structs[name], pointerBytes);
  const ends = model.inputs.length + model.outputs.length;
  const operators = model.operators.map((operator) => operatorBytes(model, operator, pointerBytes));
  return (
    size('interpreter') +
    model.tensors.length * size('evalTensor') +
    model.operators.length * size('node') +
    ends * (size('tensor') + size('quantisation') + size('zeroPoints')) +
    2 * aligned(ends * pointerBytes, ARENA_ALIGNMENT) +
    operators.reduce((sum, bytes) => sum + bytes, 0)
  );
}

/** Prepared data starts at multiples of 16, so its sizes are rounded up to them. */
function operatorBytes(model: TfliteModel, { builtin, output }: TfliteOperator, pointerBytes: 4 | 8): number {
  const { options, data = {}, perChannel = false } = operatorStructs[builtin];
  const channels = perChannel ? (tensorAt(model, output).shape.at(-1) ?? 0) : 0;
  return (
    aligned(sizeOfStruct(options, pointerBytes), 4) +
    aligned(sizeOfStruct(data, pointerBytes), ARENA_ALIGNMENT) +
    2 * aligned(4 * channels, ARENA_ALIGNMENT)
  );
}
