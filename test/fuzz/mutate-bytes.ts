import type { Dice } from './dice.ts';

type ByteChange = (bytes: Uint8Array, dice: Dice) => Uint8Array;

/** Damage that knows nothing of the format: what a bad disk, a broken download or a careless editor does. */
export const byteChanges: Readonly<Record<string, ByteChange>> = {
  'cut off': (bytes, dice) => bytes.slice(0, dice.below(bytes.length)),
  'start lost': (bytes, dice) => bytes.slice(dice.below(bytes.length)),
  'bits flipped': (bytes, dice) => changed(bytes, dice, (byte) => byte ^ (1 << dice.below(8))),
  'bytes changed': (bytes, dice) => changed(bytes, dice, () => dice.below(256)),
  // Lengths and sizes are varints; 255 makes them long.
  'bytes set to 255': (bytes, dice) => changed(bytes, dice, () => 255),
  'piece doubled': (bytes, dice) => {
    const [from, to] = piece(bytes, dice);
    return joined(bytes.subarray(0, to), bytes.subarray(from));
  },
  'piece lost': (bytes, dice) => {
    const [from, to] = piece(bytes, dice);
    return joined(bytes.subarray(0, from), bytes.subarray(to));
  },
  'zeros in between': (bytes, dice) => {
    const [at] = piece(bytes, dice);
    return joined(bytes.subarray(0, at), new Uint8Array(dice.below(64)), bytes.subarray(at));
  },
  'groups without end': (bytes, dice) => {
    const [at] = piece(bytes, dice);
    return joined(bytes.subarray(0, at), new Uint8Array(100_000).fill(0x0b), bytes.subarray(at));
  },
  'file behind file': (bytes) => joined(bytes, bytes),
};

function changed(bytes: Uint8Array, dice: Dice, change: (byte: number) => number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  // Names, shapes and attributes lie mostly at the start and at the end, the many weights between them.
  const edge = Math.min(bytes.length, 2048);
  for (let count = 1 + dice.below(8); count > 0; count -= 1) {
    const at = [dice.below(bytes.length), dice.below(edge), bytes.length - 1 - dice.below(edge)][dice.below(3)] ?? 0;
    copy[at] = change(copy[at] ?? 0);
  }
  return copy;
}

function piece(bytes: Uint8Array, dice: Dice): [number, number] {
  const from = dice.below(bytes.length);
  return [from, Math.min(bytes.length, from + 1 + dice.below(200))];
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}
