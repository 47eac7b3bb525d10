import { setTimeout as sleep } from 'node:timers/promises';
import { type Check, notRun } from '../../faults/check.ts';
import { othersSince, usageNow } from './host-load.ts';
import type { LabRound } from './lab.ts';

/** What others may take of this computer, in cores, where figures of lateness are to say anything. */
const othersMost = 0.5;
const lookMs = 3000;

/** How long to wait for others to be done, in all. */
export const quietMs = (short: boolean): number => (short ? 60_000 : 600_000);

export interface Quiet<T> {
  /** Of a round while nobody else used the computer; undefined when there was none. */
  readonly judged: T | undefined;
  readonly rounds: number;
}

/** Measures while nobody else uses the computer, again while `isGood` says no, `most` times at most. */
export async function whenQuiet<T>(
  round: LabRound,
  most: number,
  measure: () => Promise<T>,
  isGood: (measured: T) => boolean,
): Promise<Quiet<T>> {
  const endMs = performance.now() + quietMs(round.short);
  let judged: T | undefined;
  let rounds = 0;
  while (rounds < most && (judged === undefined || !isGood(judged))) {
    if (!(await becomesQuiet(endMs))) break;
    rounds += 1;
    const from = usageNow();
    const measured = await measure();
    const others = othersSince(from);
    if (others <= othersMost) judged = measured;
    round.say(`  round ${rounds}: others used ${others.toFixed(2)} cores${others > othersMost ? ', not judged' : ''}`);
  }
  return { judged, rounds };
}

async function becomesQuiet(endMs: number): Promise<boolean> {
  do if (await isQuiet()) return true;
  while (performance.now() < endMs);
  return false;
}

async function isQuiet(): Promise<boolean> {
  const from = usageNow();
  await sleep(lookMs);
  return othersSince(from) <= othersMost;
}

/** What must hold and could not be judged. */
export function neverQuiet(id: string, round: LabRound): Check {
  return notRun(id, `others took more than ${othersMost} cores of this computer for ${quietMs(round.short) / 1000} s`);
}
