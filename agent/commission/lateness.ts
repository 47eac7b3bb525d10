/** How late this device's timers were under load, in ns. */
export interface LatenessFigures {
  readonly by: 'measured' | 'hand';
  readonly count: number;
  readonly p50Ns: number | null;
  readonly p99Ns: number | null;
  readonly maxNs: number;
  /** With SCHED_FIFO, as the gatekeeper's unit has it. */
  readonly realtime: boolean;
}

/** Undefined when there are none. */
export function latenessOf(ns: readonly number[], realtime: boolean): LatenessFigures | undefined {
  const sorted = [...ns].sort((a, b) => a - b);
  const max = sorted.at(-1);
  if (max === undefined) return undefined;
  const quantile = (q: number): number => sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? max;
  return { by: 'measured', count: sorted.length, p50Ns: quantile(0.5), p99Ns: quantile(0.99), maxNs: max, realtime };
}
