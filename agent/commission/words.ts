import type { Base } from './passes.ts';
import type { Spread } from './spread.ts';

/** A duration or distance of the base, for people: ms, or counts. */
export function amount(value: number, base: Base): string {
  return base === 'time' ? ms(value) : `${Math.round(value)} counts`;
}

export function ms(ns: number): string {
  return `${(ns / 1e6).toFixed(2)} ms`;
}

/** Median, spread and outliers, each named. */
export function spreadWords({ count, median, spread, outliers }: Spread, base: Base): string {
  if (count === 0) return `${amount(median, base)}, given by hand`;
  const out = outliers.map(({ number, value }) => `number ${number} with ${amount(value, base)}`);
  const left = out.length === 0 ? 'no outliers' : `left out: ${out.join(', ')}`;
  return `${amount(median, base)}, ± ${amount(spread, base)}, of ${count}; ${left}`;
}
