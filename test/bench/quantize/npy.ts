import { writeFileSync } from 'node:fs';

/** Writes uint8 arrays of one shape as a .npy file, one after the other: how pictures go to Python. */
export function writeNpy(file: string, arrays: readonly Uint8Array[], shape: readonly number[]): void {
  const header = `{'descr': '|u1', 'fortran_order': False, 'shape': (${[arrays.length, ...shape].join(', ')},), }`;
  const padded = `${header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11)}\n`;
  const start = Buffer.concat([Buffer.from([0x93]), Buffer.from('NUMPY\x01\x00'), Buffer.alloc(2)]);
  start.writeUInt16LE(padded.length, 8);
  writeFileSync(file, Buffer.concat([start, Buffer.from(padded, 'latin1'), ...arrays]));
}
