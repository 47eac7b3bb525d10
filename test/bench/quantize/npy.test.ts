import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { writeNpy } from './npy.ts';

describe('writeNpy', () => {
  it('writes the header of NumPy’s format 1.0, whole 64 bytes long, and then the numbers', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'linegate-npy-'));
    try {
      const file = path.join(folder, 'two.npy');
      writeNpy(file, [Uint8Array.of(1, 2, 3, 4), Uint8Array.of(5, 6, 7, 255)], [2, 2, 1]);
      const bytes = readFileSync(file);
      assert.deepEqual([...bytes.subarray(0, 8)], [0x93, ...Buffer.from('NUMPY'), 1, 0]);
      const length = bytes.readUInt16LE(8);
      assert.equal((10 + length) % 64, 0);
      const header = bytes.subarray(10, 10 + length).toString('latin1');
      assert.match(header, /^\{'descr': '\|u1', 'fortran_order': False, 'shape': \(2, 2, 2, 1,\), \} *\n$/);
      assert.deepEqual([...bytes.subarray(10 + length)], [1, 2, 3, 4, 5, 6, 7, 255]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
