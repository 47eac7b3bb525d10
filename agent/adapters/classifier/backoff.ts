/** How soon a process that died is started again. */
export interface BackoffSpec {
  readonly firstMs: number;
  readonly longestMs: number;
  /** A process that ran this long starts the series anew. */
  readonly healthyMs: number;
}

export const DEFAULT_BACKOFF: BackoffSpec = { firstMs: 50, longestMs: 5000, healthyMs: 10_000 };

/** The wait before the next start, after one of `previousMs` (0 for none) and a run of `ranMs`. */
export function nextWaitMs(spec: BackoffSpec, previousMs: number, ranMs: number): number {
  if (previousMs === 0 || ranMs >= spec.healthyMs) return spec.firstMs;
  return Math.min(previousMs * 2, spec.longestMs);
}
