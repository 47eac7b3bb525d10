import type { Range } from '../quantize/plan.ts';
import { Histogram } from './histogram.ts';

/** What the numbers of one channel were. */
export class ChannelStatistics {
  readonly #histogram = new Histogram();
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;
  #sum = 0;
  #count = 0;
  #places = 0;

  /** Adds `count` numbers from `start`; `bits` are the same numbers as bits. */
  add(numbers: Float32Array, bits: Uint32Array, start: number, count: number): void {
    let [min, max, sum] = [this.#min, this.#max, 0];
    for (let i = start; i < start + count; i += 1) {
      const number = numbers[i] ?? 0;
      if (number < min) min = number;
      if (number > max) max = number;
      sum += number;
    }
    this.#histogram.add(bits, start, count);
    [this.#min, this.#max] = [min, max];
    this.#sum += sum;
    this.#count += count;
    this.#places = count;
  }

  get range(): Range {
    return { min: this.#min, max: this.#max };
  }

  /** How many numbers a picture has. */
  get places(): number {
    return this.#places;
  }

  /** The size of the largest number, whatever its sign. */
  get peak(): number {
    return Math.max(this.#max, -this.#min);
  }

  get mean(): number {
    return this.#sum / Math.max(1, this.#count);
  }

  /** The numbers, each times `factor`, and how many are taken for it. */
  forEachBin(factor: number, look: (value: number, count: number) => void): void {
    this.#histogram.forEachBin(factor, look);
  }
}
