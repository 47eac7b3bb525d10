import { percentile } from '../camera/percentile.ts';

/** How late something was, in ms. */
export interface LatenessFigures {
  readonly count: number;
  readonly missing: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Of lateness in ms; what never happened is Infinity. */
export function figuresOf(values: readonly number[]): LatenessFigures {
  return {
    count: values.length,
    missing: values.filter((value) => value === Number.POSITIVE_INFINITY).length,
    p50: percentile(values, 0.5),
    p99: percentile(values, 0.99),
    max: percentile(values, 1),
  };
}

export function sentenceOf({ count, p50, p99, max }: LatenessFigures): string {
  const [middle, most, all] = [p50, p99, max].map((ms) => ms.toFixed(3));
  return `p50 ${middle}, p99 ${most}, max ${all} of ${count}`;
}

export function isTenthOf(ours: LatenessFigures, theirs: LatenessFigures): boolean {
  return ours.p99 <= theirs.p99 / 10;
}

/** What no busy computer excuses, and what another round cannot make good. */
export const untoldPulses = 'of these, pulses whose part it does not tell as missed';
