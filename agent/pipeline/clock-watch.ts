import type { Clock } from '../ports/clock.ts';

/** The wall clock before and after somebody, or the network's time, set it. */
export interface ClockStep {
  readonly beforeWallMs: number;
  readonly afterWallMs: number;
}

/** Smaller steps are those of a clock that is being disciplined. */
const smallestStepMs = 1000;

/** Compares the wall clock with the monotonic one. */
export class ClockWatch {
  readonly #clock: Clock;
  #offsetMs: number | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The step since it was last asked; null where there was none. */
  look(): ClockStep | null {
    const wallMs = this.#clock.wallMs();
    const offsetMs = wallMs - this.#clock.nowNs() / 1e6;
    const stepMs = offsetMs - (this.#offsetMs ?? offsetMs);
    this.#offsetMs = offsetMs;
    return Math.abs(stepMs) > smallestStepMs
      ? { beforeWallMs: Math.round(wallMs - stepMs), afterWallMs: wallMs }
      : null;
  }
}
