/** A piece of known size that comes in chunks: each byte is copied once. */
export class Filling {
  readonly bytes: Uint8Array;
  #filled = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get full(): boolean {
    return this.#filled === this.bytes.length;
  }

  get empty(): boolean {
    return this.#filled === 0;
  }

  /** Takes what is missing and returns what is left over. */
  take(chunk: Uint8Array): Uint8Array {
    const taken = chunk.subarray(0, this.bytes.length - this.#filled);
    this.bytes.set(taken, this.#filled);
    this.#filled += taken.length;
    return chunk.subarray(taken.length);
  }
}
