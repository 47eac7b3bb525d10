import type { Interval } from './stats/binomial.ts';

/** With a space at which no line breaks. */
const UNIT = '\u00a0%';

/** A share as a percentage with a sensible number of digits; a dash where there is none. */
export function percent(share: number | null): string {
  if (share === null || !Number.isFinite(share)) return '–';
  const value = 100 * share;
  const near = Math.min(value, 100 - value);
  return `${value.toFixed(near > 0 && near < 0.5 ? 2 : 1)}${UNIT}`;
}

/** A budget as somebody would say it: 1 %, 0.1 %. */
export function budgetPercent(share: number): string {
  return `${Number((100 * share).toPrecision(6))}${UNIT}`;
}

/** A figure that is no share of parts, 0 to 1. */
export function decimal(value: number | null): string {
  return value === null ? '–' : value.toFixed(3);
}

/** `81.2 to 90.3 %`, or written by another function; nothing where there is no interval. */
export function range(interval: Interval | null, write: (end: number) => string = percent): string {
  if (interval === null) return '';
  const [low = '', high = ''] = interval.map((end) => write(end));
  return `${low.replace(UNIT, '')} to ${high}`;
}
