import { open, rm } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../core/errors.ts';
import type { WriteTimes } from '../probes.ts';

const blockBytes = 4096;
const mostWrites = 100;
const mostMs = 3000;

/** Writes blocks of 4 kB to a file in the folder, each until it is on the disk, for at most three seconds. */
export async function measureWrites(folder: string): Promise<WriteTimes> {
  const file = path.join(folder, `.linegate-doctor-${process.pid}`);
  try {
    const handle = await open(file, 'wx', 0o600);
    try {
      const block = Buffer.alloc(blockBytes, 0x4c);
      const ms: number[] = [];
      const startMs = performance.now();
      while (ms.length < mostWrites && performance.now() - startMs < mostMs) {
        const beganMs = performance.now();
        await handle.write(block);
        await handle.datasync();
        ms.push(performance.now() - beganMs);
      }
      return { kind: 'times', ms };
    } finally {
      await handle.close();
      await rm(file, { force: true });
    }
  } catch (error) {
    return { kind: 'failed', detail: messageOf(error) };
  }
}
