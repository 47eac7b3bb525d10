import type { Round } from '../../../faults/check.ts';

/** What a scenario finds in the lab. */
export interface Inside extends Round {
  /** The folder with the C programs. */
  readonly programs: string;
  /** The folder with what others use; empty without. */
  readonly peers: string;
}
