/** The value that the fraction `q` of `values` does not exceed; NaN when there are none. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** To `digits` after the point. */
export function rounded(value: number, digits = 3): number {
  return Number(value.toFixed(digits));
}

/** Median and p99 of durations in ns, in ms. */
export function summaryMs(ns: readonly number[]): {
  readonly median: number;
  readonly p99: number;
  readonly count: number;
} {
  return { median: rounded(median(ns) / 1e6), p99: rounded(quantile(ns, 0.99) / 1e6), count: ns.length };
}
