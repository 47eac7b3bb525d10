/** A double as the 16 hexadecimal digits of its bits, so that a reader without a float parser gets the very number. */
export function bits(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16).padStart(16, '0');
}

/** Fields of a line, apart by tabs. */
export function line(...fields: readonly (string | number)[]): string {
  return fields.join('\t');
}

/** Pseudo-random numbers whose sequence never changes (xorshift32). */
export class Noise {
  #state: number;

  constructor(seed: number) {
    this.#state = seed * 2 + 1;
  }

  /** A whole number from 0 to below `limit`. */
  below(limit: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % limit;
  }

  /** One of these. */
  pick<const T>(all: readonly [T, ...T[]]): T {
    return all[this.below(all.length)] ?? all[0];
  }
}
