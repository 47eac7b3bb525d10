/** What several measurements of one thing say together. */
export interface Spread {
  readonly count: number;
  readonly median: number;
  /** The farthest from the median, outliers left out. */
  readonly spread: number;
  readonly min: number;
  readonly max: number;
  /** Measurements that are left out of spread, min and max: which ones, from 1, and how much they were. */
  readonly outliers: readonly { readonly number: number; readonly value: number }[];
}

/** With normal noise one in 1.7 million is farther out than so many median deviations. */
const outlyingDeviations = 7.5;

/**
 * The median and its spread; undefined when there is nothing to measure. An outlier is farther from the median than 7.5 times the
 * median deviation and than `floor`, so that a handful of almost equal figures has none.
 */
export function spreadOf(values: readonly number[], floor: number): Spread | undefined {
  const middle = median(values);
  if (middle === undefined) return undefined;
  const far = (value: number): number => Math.abs(value - middle);
  const limit = Math.max(floor, outlyingDeviations * (median(values.map(far)) ?? 0));
  const numbered = values.map((value, index) => ({ number: index + 1, value }));
  const kept = values.filter((value) => far(value) <= limit);
  return {
    count: values.length,
    median: middle,
    spread: Math.max(0, ...kept.map(far)),
    min: Math.min(...kept, middle),
    max: Math.max(...kept, middle),
    outliers: numbered.filter(({ value }) => far(value) > limit),
  };
}

/** One figure that somebody gave in place of a measurement. */
export function given(value: number, spread = 0): Spread {
  return { count: 0, median: value, spread, min: value - spread, max: value + spread, outliers: [] };
}

function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  return upper === undefined || lower === undefined ? undefined : (upper + lower) / 2;
}
