import type { Check } from '../../../faults/check.ts';
import type { Belt } from './belt.ts';

/** What each of the trials finds. */
export interface World {
  readonly belt: Belt;
  readonly say: (line: string) => void;
}

export type Trial = (world: World) => Promise<readonly Check[]>;

export const agent = 'linegate.service';
export const gatekeeper = 'linegate-gatekeeper.service';
export const config = 'linegate-config.service';

/** Restart times are told in seconds, of three the middle one: one may fall on a moment at which this computer was busy. */
export const repeats = 3;

export function middle(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round((sorted[Math.floor(sorted.length / 2)] ?? Number.POSITIVE_INFINITY) * 100) / 100;
}
