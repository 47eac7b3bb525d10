import { createHash } from 'node:crypto';
import { inflateSync } from 'node:zlib';

const SECTOR = 4096;

/** The flash chip of a scripted board: erased bits are ones, and writing only makes zeros. */
export class RomFlash {
  readonly memory: Buffer;
  /** The address of a cell that is broken and stays erased. */
  broken: number | undefined;
  #address = 0;
  #compressed: Buffer[] | null = null;
  #written = 0;

  constructor(sizeBytes: number) {
    // What was in it before: not erased, so that a writer that does not erase is found out.
    this.memory = Buffer.alloc(sizeBytes, 0x5a);
  }

  /** False where the region is not in the chip. */
  begin(address: number, sizeBytes: number, compressed: boolean): boolean {
    const end = address + Math.ceil(sizeBytes / SECTOR) * SECTOR;
    if (address % SECTOR !== 0 || end > this.memory.length) return false;
    this.memory.fill(0xff, address, end);
    this.#address = address;
    this.#written = 0;
    this.#compressed = compressed ? [] : null;
    return true;
  }

  data(bytes: Buffer): void {
    if (this.#compressed === null) this.#program(bytes);
    else this.#compressed.push(bytes);
  }

  /** Done as one: the stub unpacks while it writes, and nobody looks in between. */
  settle(): void {
    if (this.#compressed === null || this.#compressed.length === 0) return;
    this.#program(inflateSync(Buffer.concat(this.#compressed)));
    this.#compressed = [];
  }

  md5(address: number, sizeBytes: number): Buffer {
    return createHash('md5')
      .update(this.memory.subarray(address, address + sizeBytes))
      .digest();
  }

  #program(bytes: Buffer): void {
    for (const byte of bytes) {
      const at = this.#address + this.#written;
      this.#written += 1;
      if (at !== this.broken) this.memory[at] = (this.memory[at] ?? 0) & byte;
    }
  }
}
