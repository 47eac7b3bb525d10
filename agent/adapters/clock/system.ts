import type { Clock } from '../../ports/clock.ts';

/** The longest wait that setTimeout takes; longer ones are armed again. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

/** The computer's own clocks: CLOCK_MONOTONIC for `nowNs`, the wall clock for `wallMs`. */
export class SystemClock implements Clock {
  nowNs(): number {
    return Number(process.hrtime.bigint());
  }

  wallMs(): number {
    return Date.now();
  }

  /** Never early; late by what the event loop is late. */
  at(atNs: number, action: () => void): () => void {
    let timer: NodeJS.Timeout;
    const arm = (): void => {
      const waitMs = Math.ceil((atNs - this.nowNs()) / 1e6);
      timer = setTimeout(fire, Math.min(Math.max(waitMs, 0), LONGEST_WAIT_MS));
    };
    const fire = (): void => {
      // A timer counts whole milliseconds of the event loop's own time, so it can be up to one early.
      if (this.nowNs() < atNs) arm();
      else action();
    };
    arm();
    return () => clearTimeout(timer);
  }
}
