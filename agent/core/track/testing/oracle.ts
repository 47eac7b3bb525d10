import type { Verdict } from '../../part-record.ts';
import type { TrackerCalibration } from '../tracker.ts';
import type { Played, Pulse } from './play.ts';

/** What is to happen to a part, worked out from the calls as a whole and not step by step as the tracker does it. */
export interface ExpectedPart {
  readonly part: number;
  readonly startNs: number;
  readonly endNs: number;
  readonly deadlineNs: number;
  readonly tooClose: boolean;
  /** Would it be ejected for itself? */
  readonly own: boolean;
  readonly verdict: Verdict | 'none';
  readonly action: 'eject' | 'pass';
  readonly cause: 'verdict' | 'fail-safe' | 'too-close';
  /** What the gate does for it, if it is ejected. */
  readonly pulse: Pulse | undefined;
}

interface Accepted {
  readonly part: number;
  readonly atNs: number;
  /** Which of the calls it was. */
  readonly index: number;
}

/** Is the call made before the tracker does what is due at `dueNs`? At that very time, a tick does it. */
export function isBefore(played: readonly Played[], index: number, dueNs: number): boolean {
  const atNs = played[index]?.atNs ?? Number.NaN;
  if (atNs !== dueNs) return atNs < dueNs;
  return !played.some((other, i) => i < index && other.call.call === 'tick' && other.atNs === dueNs);
}

function acceptedTriggers(played: readonly Played[], calibration: TrackerCalibration): Accepted[] {
  const accepted: Accepted[] = [];
  for (const [index, { call, atNs }] of played.entries()) {
    if (call.call === 'stop') break;
    if (call.call !== 'trigger') continue;
    const last = accepted.at(-1);
    if (last !== undefined && atNs - last.atNs < calibration.triggerDeadNs) continue;
    accepted.push({ part: calibration.firstPart + accepted.length, atNs, index });
  }
  return accepted;
}

/** The first verdict on a part and the call that brought it, in time or not. */
function firstVerdict(played: readonly Played[], trigger: Accepted): { verdict: Verdict; index: number } | undefined {
  for (const [index, { call }] of played.entries()) {
    if (index > trigger.index && call.call === 'verdict' && call.part === trigger.part) {
      return { verdict: call.verdict, index };
    }
  }
  return undefined;
}

/** What a part is, before its neighbours are looked at. */
interface Facts
  extends Pick<ExpectedPart, 'part' | 'startNs' | 'endNs' | 'deadlineNs' | 'tooClose' | 'verdict' | 'own'> {
  /** Starts of the windows of later parts that are not known to pass by this one's deadline. */
  readonly laterUnpassedNs: readonly number[];
}

function factsOf(
  played: readonly Played[],
  triggers: readonly Accepted[],
  self: Accepted,
  of: TrackerCalibration,
): Facts {
  const startNs = self.atNs + of.delayNs;
  const deadlineNs = startNs - of.leadNs;
  const verdictOf = (trigger: Accepted): ExpectedPart['verdict'] => {
    const first = firstVerdict(played, trigger);
    return first !== undefined && isBefore(played, first.index, deadlineNs) ? first.verdict : 'none';
  };
  const verdict = verdictOf(self);
  const others = triggers.filter(({ part }) => part !== self.part);
  const later = others.filter((other) => other.part > self.part && verdictOf(other) !== 'pass');
  return {
    ...{ part: self.part, startNs, endNs: startNs + of.widthNs, deadlineNs, verdict },
    tooClose: others.some(({ atNs }) => Math.abs(atNs - self.atNs) < of.widthNs + of.recoveryNs),
    own: verdict === 'none' ? of.failSafe !== 'pass' : verdict !== 'pass',
    laterUnpassedNs: later.map(({ atNs }) => atNs + of.delayNs),
  };
}

function isEjected(part: Facts, earlier: readonly ExpectedPart[], calibration: TrackerCalibration): boolean {
  if (calibration.tooClose === 'escape') return part.own && !part.tooClose;
  const reachNs = part.startNs - calibration.recoveryNs;
  const reached = earlier.some(({ action, endNs }) => action === 'eject' && endNs > reachNs);
  return part.own || reached || part.laterUnpassedNs.some((startNs) => startNs < part.endNs);
}

function causeOf(part: Facts, eject: boolean): ExpectedPart['cause'] {
  if (eject !== part.own) return 'too-close';
  return part.verdict === 'none' ? 'fail-safe' : 'verdict';
}

/** Works out what each part gets, as the rules of track.h say it. */
export function expectedParts(played: readonly Played[], calibration: TrackerCalibration): ExpectedPart[] {
  const triggers = acceptedTriggers(played, calibration);
  const expected: ExpectedPart[] = [];
  for (const part of triggers.map((trigger) => factsOf(played, triggers, trigger, calibration))) {
    const { laterUnpassedNs, ...facts } = part;
    const eject = isEjected(part, expected, calibration);
    const passedNs = expected.filter(({ action }) => action === 'pass').map(({ endNs }) => endNs);
    expected.push({
      ...facts,
      action: eject ? 'eject' : 'pass',
      cause: causeOf(part, eject),
      pulse: eject ? { fromNs: Math.max(part.startNs, ...passedNs), toNs: part.endNs } : undefined,
    });
  }
  return expected;
}

/** The union of the pulses, with gaps shorter than `recoveryNs` closed. */
export function unionOf(pulses: readonly (Pulse | undefined)[], recoveryNs: number): Pulse[] {
  const union: Pulse[] = [];
  for (const pulse of pulses) {
    if (pulse === undefined) continue;
    const last = union.at(-1);
    if (last !== undefined && pulse.fromNs - last.toNs < recoveryNs) {
      union[union.length - 1] = { fromNs: last.fromNs, toNs: pulse.toNs };
    } else {
      union.push(pulse);
    }
  }
  return union;
}
