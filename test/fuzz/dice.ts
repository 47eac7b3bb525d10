import { randomSeries } from '../../tools/quantize/testing/test-model.ts';

/** Random choices, always the same for the same seed. */
export class Dice {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = randomSeries(seed);
    // The first numbers of neighbouring seeds are alike.
    for (let i = 0; i < 5; i += 1) this.#random();
  }

  /** A whole number from 0 to `end` - 1. */
  below(end: number): number {
    return Math.min(end - 1, Math.floor(((this.#random() + 1) / 2) * end));
  }

  /** One of `list`; undefined when it is empty. */
  of<T>(list: readonly T[]): T | undefined {
    return list[this.below(list.length)];
  }
}
