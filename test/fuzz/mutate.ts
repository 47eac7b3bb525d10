import { readModel, writeModel } from '../../tools/quantize/onnx/codec.ts';
import { Dice } from './dice.ts';
import { byteChanges } from './mutate-bytes.ts';
import { changedModel, graphChanges } from './mutate-model.ts';

/** A damaged file and what was done to it. */
export interface Mutation {
  readonly bytes: Uint8Array;
  readonly changes: readonly string[];
}

/** One to three changes of `file`, a whole .onnx file; the same for the same seed. */
export function mutation(file: Uint8Array, seed: number): Mutation {
  const dice = new Dice(seed);
  let bytes = file;
  const changes: string[] = [];
  for (let count = 1 + dice.below(3); count > 0; count -= 1) {
    const name = dice.of(Object.keys(graphChanges)) ?? '';
    const change = graphChanges[name];
    if (change === undefined) continue;
    bytes = writeModel(changedModel(readModel(bytes), change, dice));
    changes.push(name);
  }
  if (dice.below(3) > 0) return { bytes, changes };
  const name = dice.of(Object.keys(byteChanges)) ?? '';
  // Bytes alone: otherwise few damaged files would get past the structure.
  return { bytes: byteChanges[name]?.(file, dice) ?? file, changes: [name] };
}
