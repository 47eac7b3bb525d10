import type { Clock } from '../../ports/clock.ts';

interface Waiter {
  readonly untilFrameNs: number;
  readonly release: () => void;
}

/** Those who wait for a frame of a moment or later. */
export class Waiters {
  readonly #clock: Clock;
  readonly #waiting = new Set<Waiter>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when a frame of `untilFrameNs` or later came, at `lastNs`, when `signal` aborts, or when all are released. */
  wait(untilFrameNs: number, lastNs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const release = (): void => {
        this.#waiting.delete(waiter);
        cancel();
        signal.removeEventListener('abort', release);
        resolve();
      };
      const waiter: Waiter = { untilFrameNs, release };
      const cancel = this.#clock.at(lastNs, release);
      signal.addEventListener('abort', release, { once: true });
      this.#waiting.add(waiter);
    });
  }

  /** Releases those whom a frame of `frameNs` is enough for; all when it is left out. */
  release(frameNs = Number.POSITIVE_INFINITY): void {
    for (const waiter of [...this.#waiting]) {
      if (waiter.untilFrameNs <= frameNs) waiter.release();
    }
  }
}
