import type { Clock } from '../../ports/clock.ts';

/** A wait that can be cut short; one at a time. */
export class Nap {
  readonly #clock: Clock;
  #wake: () => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves at `atNs`, or as soon as `wake` is called. */
  until(atNs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#clock.at(atNs, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }

  wake(): void {
    this.#wake();
  }
}
