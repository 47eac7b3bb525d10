import { statfs } from 'node:fs/promises';
import { LinegateError, messageOf } from '../../core/errors.ts';
import type { Disk, DiskUsage } from '../../ports/disk.ts';

/** The file system that holds a folder, as the kernel counts it for users without special rights. */
export class StatfsDisk implements Disk {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async usage(): Promise<DiskUsage> {
    try {
      const { blocks, bfree, bavail, bsize } = await statfs(this.#folder);
      // As df does: what only root may fill counts neither as used nor as free.
      const used = blocks - bfree;
      const total = used + bavail;
      return { usedShare: total === 0 ? 0 : used / total, freeBytes: bavail * bsize, totalBytes: total * bsize };
    } catch (cause) {
      const message = `The free space of ${this.#folder} cannot be read (${messageOf(cause)}): check that the disk is mounted.`;
      throw new LinegateError('device', message, { cause });
    }
  }
}
