import type { Verdict } from '../../part-record.ts';
import type { TrackerCalibration } from '../tracker.ts';
import { type Call, eventsOf, type Played } from './play.ts';

/** Round figures: a part triggered at T has its deadline at T + 95 and its window from T + 100 to T + 120. */
export const plain: TrackerCalibration = {
  base: 'time',
  delayNs: 100,
  widthNs: 20,
  recoveryNs: 10,
  leadNs: 5,
  triggerDeadNs: 5,
  failSafe: 'eject',
  tooClose: 'eject-neighbour',
  confirm: 'none',
  confirmFromNs: 0,
  confirmToNs: 1,
  firstPart: 1,
};

export const trigger = (atNs: number): Call => ({ call: 'trigger', atNs });
export const confirm = (atNs: number): Call => ({ call: 'confirm', atNs });
export const tick = (atNs: number): Call => ({ call: 'tick', atNs });
export const stop = (atNs: number): Call => ({ call: 'stop', atNs });
export const verdict = (part: number, word: Verdict, atNs: number): Call => ({
  call: 'verdict',
  part,
  verdict: word,
  atNs,
});

/** What was done with each part and why, as it closed, in the order of the parts. */
export function fates(played: readonly Played[]): string[] {
  const closed = eventsOf(played, 'closed').toSorted((a, b) => a.part - b.part);
  return closed.map(({ action, cause, tooClose }) => `${action} by ${cause}${tooClose ? ', too close' : ''}`);
}
