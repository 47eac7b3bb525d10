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

/** Each restart is done so often, and the quickest counts: the others fell on moments at which this computer was busy. */
export const repeats = 3;

export function quickest(seconds: readonly number[]): number {
  return Math.round(Math.min(...seconds) * 100) / 100;
}
