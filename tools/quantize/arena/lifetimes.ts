import { elementsOf, type TfliteModel } from '../tflite/model.ts';

/** A buffer of the arena: its room, and the operators (1 is the first) between which it is alive. */
export interface Lifetime {
  readonly sizeBytes: number;
  readonly firstUse: number;
  readonly lastUse: number;
}

/** Every buffer of the arena starts at a multiple of this. */
export const ARENA_ALIGNMENT = 16;

/** The lifetimes of all tensors that the file does not store, in their order; the input is alive from the start. */
export function lifetimes({ tensors, operators, inputs, outputs }: TfliteModel): Lifetime[] {
  return tensors.flatMap(({ data, shape, type }, tensor) => {
    const made = operators.findIndex(({ output }) => output === tensor) + 1;
    const read = operators.findLastIndex((one) => one.inputs.includes(tensor)) + 1;
    if (data !== undefined || (made === 0 && !inputs.includes(tensor))) return [];
    const sizeBytes = aligned(elementsOf(shape) * (type === 'int8' ? 1 : 4), ARENA_ALIGNMENT);
    const lastUse = outputs.includes(tensor) ? operators.length : Math.max(made, read);
    return [{ sizeBytes, firstUse: made, lastUse }];
  });
}

/** `bytes` rounded up to a multiple of `alignment`. */
export function aligned(bytes: number, alignment: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}
