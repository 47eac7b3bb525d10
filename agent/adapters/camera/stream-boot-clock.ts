import { readFileSync } from 'node:fs';

/** /proc/uptime counts in this. */
const STEP_NS = 1e7;
const MEASURE_NS = 1.2e7;
const EXACT_ENOUGH_NS = 2e5;

/** Readings of the two clocks: `bootNs` rounded down to 10 ms, read between `beforeNs` and `afterNs` of CLOCK_MONOTONIC. */
export interface ClockReading {
  readonly beforeNs: number;
  readonly bootNs: number;
  readonly afterNs: number;
}

interface Bounds {
  readonly lowNs: number;
  readonly highNs: number;
}

/**
 * Converts CLOCK_BOOTTIME, which counts suspended time and which Node cannot read exactly, to CLOCK_MONOTONIC. Each
 * reading of /proc/uptime bounds the offset to 10 ms; together they narrow it down. A computer that was never suspended
 * has none.
 */
export class BootClock {
  readonly #read: () => ClockReading;
  #bounds: Bounds;

  constructor(read: () => ClockReading = readClocks) {
    this.#read = read;
    this.#bounds = this.#measure();
  }

  /** The moment on CLOCK_MONOTONIC. Looks at the clocks again: the computer may have been suspended since. */
  toMonotonicNs(bootNs: number): number {
    const bounds = meet(this.#bounds, boundsOf(this.#read()));
    this.#bounds = bounds ?? this.#measure();
    return bootNs - offsetOf(this.#bounds);
  }

  /** At once where there is no offset; else it looks for a little longer than the clock's step. */
  #measure(): Bounds {
    const first = this.#read();
    let bounds = boundsOf(first);
    while (offsetOf(bounds) !== 0 && bounds.highNs - bounds.lowNs > EXACT_ENOUGH_NS) {
      const reading = this.#read();
      bounds = meet(bounds, boundsOf(reading)) ?? boundsOf(reading);
      if (reading.afterNs - first.beforeNs > MEASURE_NS) break;
    }
    return bounds;
  }
}

/** Rounding by the kernel's own arithmetic may be off by a hair. */
const SLACK_NS = 1e3;

function boundsOf({ beforeNs, bootNs, afterNs }: ClockReading): Bounds {
  return { lowNs: bootNs - afterNs - SLACK_NS, highNs: bootNs + STEP_NS - beforeNs + SLACK_NS };
}

function meet(a: Bounds, b: Bounds): Bounds | undefined {
  const both = { lowNs: Math.max(a.lowNs, b.lowNs), highNs: Math.min(a.highNs, b.highNs) };
  return both.lowNs <= both.highNs ? both : undefined;
}

function offsetOf({ lowNs, highNs }: Bounds): number {
  return lowNs <= 0 && highNs >= 0 ? 0 : (lowNs + highNs) / 2;
}

function readClocks(): ClockReading {
  const beforeNs = Number(process.hrtime.bigint());
  const text = readFileSync('/proc/uptime', 'latin1');
  const afterNs = Number(process.hrtime.bigint());
  return { beforeNs, bootNs: Math.round(Number.parseFloat(text) * 100) * 1e7, afterNs };
}
