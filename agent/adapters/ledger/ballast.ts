import { closeSync, fsyncSync, openSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const CHUNK_BYTES = 65_536;

/**
 * A file of a given size beside the ledger. On a full disk even deleting rows takes space; this file is deleted to make it,
 * and made again when there is room. A size of 0 means none.
 */
export class Ballast {
  readonly #path: string;
  readonly #bytes: number;
  #there = false;

  constructor(path: string, bytes: number) {
    this.#path = path;
    this.#bytes = bytes;
  }

  /** Makes it where it is missing and there is room for it twice. True when it was made. */
  restore(): boolean {
    if (this.#there || this.#bytes === 0) return false;
    try {
      const { bavail, bsize } = statfsSync(dirname(this.#path));
      this.#there = statSync(this.#path, { throwIfNoEntry: false })?.size === this.#bytes;
      if (this.#there || bavail * bsize < 2 * this.#bytes) return false;
      this.#fill();
      return true;
    } catch {
      this.drop();
      return false;
    }
  }

  /** Deletes it. False when there was none. */
  drop(): boolean {
    const was = statSync(this.#path, { throwIfNoEntry: false }) !== undefined;
    rmSync(this.#path, { force: true });
    this.#there = false;
    return was;
  }

  #fill(): void {
    const file = openSync(this.#path, 'w');
    try {
      // Written, not truncated to its size: a file of holes would free nothing.
      const chunk = Buffer.alloc(CHUNK_BYTES);
      for (let left = this.#bytes; left > 0; left -= CHUNK_BYTES)
        writeSync(file, chunk, 0, Math.min(left, CHUNK_BYTES));
      fsyncSync(file);
      this.#there = true;
    } finally {
      closeSync(file);
    }
  }
}
