/** A figure as it is told: three digits. */
export function rounded(figure: number): number {
  return Number(figure.toPrecision(3));
}

function percentile(figures: readonly number[], share: number): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const at = Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1);
  return rounded(sorted[Math.max(0, at)] ?? 0);
}

export function p50(figures: readonly number[]): number {
  return percentile(figures, 0.5);
}

export function p99(figures: readonly number[]): number {
  return percentile(figures, 0.99);
}
