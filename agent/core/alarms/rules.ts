import type { AlarmId } from './alarm.ts';
import type { AlarmFacts } from './facts.ts';
import type { AlarmLimits } from './input.ts';

/** What a rule looks at. `standing`: the alarm has been raised and not cleared; it takes more to clear than not to raise it. */
export interface Look {
  readonly facts: AlarmFacts;
  readonly limits: AlarmLimits;
  readonly nowMs: number;
  readonly standing: boolean;
}

/** When an alarm stands. */
export interface AlarmRule {
  readonly id: AlarmId;
  /** The sentence of an alarm that is to stand; null when it is not. */
  readonly judge: (look: Look) => string | null;
  /** What a person should do, one plain sentence. */
  readonly advice: string;
}

/** Well for so long counts as well again. */
const steadyMs = 10_000;
const uplinkDownMs = 60_000;
const notReadyMs = 5_000;
/** Parts that fall past the sensor are no full bin. */
const binFullMs = 2_000;
const ledgerQuietMs = 60_000;
const clockQuietMs = 600_000;
const conflictQuietMs = 3_600_000;
const quietParts = 100;
/** The disk must fall this far below its limit. */
const diskSlack = 0.02;

/** All rules; docs/alarms.md tells them to people. */
export const alarmRules: readonly AlarmRule[] = [
  {
    id: 'rejects-in-a-row',
    judge: ({ facts, limits: { rejectsInARow: limit }, standing }) => {
      const stands = standing ? facts.passesSinceRun < limit : facts.rejectRun >= limit;
      return stands ? `The last ${facts.rejectRun} parts in a row were rejected, up to part ${facts.lastPart}.` : null;
    },
    advice: 'Look at the last rejects and their pictures, then at the process, the light and the lens.',
  },
  {
    id: 'ejection-unconfirmed',
    judge: ({ facts, limits: { unconfirmedInARow: limit }, standing }) => {
      const stands = standing ? facts.confirmedRun < limit : facts.unconfirmedRun >= limit;
      const count = facts.unconfirmedRun;
      return stands ? `The sensor behind the gate did not see ${count} ejected ${plural(count)} in a row.` : null;
    },
    advice: 'Stop the line and check air, gate and sensor: rejected parts may have gone on with the good ones.',
  },
  {
    id: 'no-verdicts',
    judge: judgeNoVerdicts,
    advice: 'Run "linegate status" to see which part of the station does not keep up; such parts got the fail-safe.',
  },
  {
    id: 'unseen-part',
    judge: ({ facts: { unseen, lastPart } }) =>
      unseen !== null && unseen.partsSince < quietParts
        ? `A part passed the gate that the photo-eye had not seen, after part ${Math.max(0, lastPart - unseen.partsSince)}: it was not inspected.`
        : null,
    advice:
      'Find that part behind the gate, then check that the photo-eye is clean, aimed and closer than any part gap.',
  },
  {
    id: 'camera-stalled',
    judge: judgeCamera,
    advice: 'Check the cable and the power of the camera, then start the station again.',
  },
  {
    id: 'classifier-down',
    judge: ({ facts: { classifier }, nowMs, standing }) => {
      if (classifier.ok) return standing && nowMs - classifier.sinceMs < steadyMs ? unsteady('classifier') : null;
      return `The classifier does not answer (${quoted(classifier.why)}).`;
    },
    advice: 'It starts again by itself; if it does not stay up, look at the log and install the recipe again.',
  },
  {
    id: 'ledger-slow',
    judge: judgeLedger,
    advice: 'Check the free space and the health of the disk or card; records wait in memory meanwhile.',
  },
  {
    id: 'disk-filling',
    judge: ({ facts: { disk }, limits: { dropPicturesAt }, standing }) =>
      disk.usedShare >= (standing ? dropPicturesAt - diskSlack : dropPicturesAt)
        ? `The disk is ${percent(disk.usedShare)} full, and old pictures are dropped from ${percent(dropPicturesAt)} on.`
        : null,
    advice: 'Copy what you need from the disk and make room, or lower pictures.maxMegabytes.',
  },
  {
    id: 'disk-full',
    judge: ({ facts: { disk } }) =>
      disk.full ? `The disk is ${percent(disk.usedShare)} full and nothing is left that may be given up.` : null,
    advice: 'Make room on the disk now: records can be lost, and are counted as a gap.',
  },
  {
    id: 'headroom-gone',
    judge: judgeHeadroom,
    advice: 'Slow the line down, move the gate further from the camera, or take a smaller model or a faster computer.',
  },
  {
    id: 'clock-stepped',
    judge: ({ facts: { clockStep }, nowMs }) =>
      clockStep !== null && nowMs - clockStep.atMs < clockQuietMs
        ? `The clock of this computer stepped by ${clockStep.text}.`
        : null,
    advice: 'Check the time of this computer and its time server; the order of the records is not affected.',
  },
  {
    id: 'line-fault',
    judge: ({ facts: { lineFault } }) =>
      lineFault !== null && lineFault.partsSince < quietParts
        ? `The line reports a fault (${quoted(lineFault.text)}).`
        : null,
    advice:
      'Check the wiring of trigger, gate and sensor; a line that was stopped goes on with "linegate resume" at the line.',
  },
  {
    id: 'not-ready',
    judge: ({ facts: { ready }, nowMs, standing }) => {
      if (lastsFor(ready, nowMs, standing, notReadyMs)) return `READY is off: ${quoted(ready.why)}.`;
      return null;
    },
    advice:
      'See to the cause; a line that was stopped, or whose belt is known to be empty, goes on with "linegate resume" at the line.',
  },
  {
    id: 'bin-full',
    judge: ({ facts: { bin }, nowMs, standing }) =>
      lastsFor(bin, nowMs, standing, binFullMs) ? 'The bin for rejected parts is full.' : null,
    advice: 'Empty the bin: what is ejected now may fall back among the good parts.',
  },
  {
    id: 'uplink-down',
    judge: ({ facts: { uplink, unanswered }, nowMs, standing }) => {
      const { ok, sinceMs, why } = uplink;
      const forMs = nowMs - sinceMs;
      if (ok) return standing && forMs < steadyMs ? unsteady('uplink') : null;
      // It has been waited for by then.
      if (unanswered) return `No receiver answers (${quoted(why)}).`;
      return standing || forMs > uplinkDownMs
        ? `The receiver has been out of reach for ${Math.round(forMs / 1000)} s (${quoted(why)}).`
        : null;
    },
    advice:
      'Check network, broker, receiver and what the broker allows this user; records are kept here and follow later.',
  },
  {
    id: 'uplink-conflict',
    judge: ({ facts: { conflict }, nowMs }) =>
      conflict !== null && nowMs - conflict.atMs < conflictQuietMs
        ? `The receiver has other records than this station under the same numbers (${quoted(conflict.text)}).`
        : null,
    advice: 'Check that no other station has the same name and that this card was not restored from an old image.',
  },
];

function judgeNoVerdicts({ facts: { noVerdicts }, limits, standing }: Look): string | null {
  const limit = Math.ceil(limits.noVerdictShare * 100);
  const count = noVerdicts.filter(Boolean).length;
  if (count < (standing ? Math.floor(limit / 2) + 1 : limit)) return null;
  return `Of the last ${noVerdicts.length} parts ${count} had no verdict.`;
}

function judgeCamera({ facts: { camera, missed }, limits, standing }: Look): string | null {
  if (!camera.ok) return `The camera has failed (${quoted(camera.why)}).`;
  if (missed === null || (missed.stalledMs < limits.cameraStalledMs && !standing)) return null;
  return `The camera gave no frame for ${missed.parts} ${plural(missed.parts)} within ${Math.round(missed.stalledMs)} ms.`;
}

function judgeLedger({ facts: { ledger, slowCommit }, limits, nowMs, standing }: Look): string | null {
  if (!ledger.ok) return `The ledger cannot be written (${quoted(ledger.why)}).`;
  if (slowCommit !== null && nowMs - slowCommit.atMs < ledgerQuietMs)
    return `A record waited ${Math.round(slowCommit.tookMs)} ms for the disk, ${limits.ledgerSlowMs} ms are allowed.`;
  return standing && nowMs - ledger.sinceMs < steadyMs ? unsteady('ledger') : null;
}

/** One part of a hundred may be an exception: the second lowest counts. */
function judgeHeadroom({ facts: { headroom }, limits: { headroom: limit }, standing }: Look): string | null {
  const needed = standing ? Math.min(limit * 1.5, (limit + 1) / 2) : limit;
  const low = secondLowest(headroom);
  if (low === null || low >= needed) return null;
  return `Of the time between trigger and deadline only ${percent(low)} was left at the verdict, ${percent(limit)} is the limit.`;
}

/** Null when there are fewer than two. */
export function secondLowest(values: readonly number[]): number | null {
  let lowest = Number.POSITIVE_INFINITY;
  let second = Number.POSITIVE_INFINITY;
  for (const value of values) {
    second = Math.min(second, Math.max(lowest, value));
    lowest = Math.min(lowest, value);
  }
  return second === Number.POSITIVE_INFINITY ? null : second;
}

/** Raised when it was ill for longer than `illMs` without a break; stands until it has been well for a while. */
function lastsFor({ ok, sinceMs }: AlarmFacts['ready'], nowMs: number, standing: boolean, illMs: number): boolean {
  const forMs = nowMs - sinceMs;
  return ok ? standing && forMs < steadyMs : standing || forMs > illMs;
}

function unsteady(what: string): string {
  return `The ${what} works again, though not for long yet.`;
}

function plural(count: number): string {
  return count === 1 ? 'part' : 'parts';
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** What another program said, on one line and of bearable length. */
function quoted(text: string): string {
  const line = text.replace(/\p{Cc}+/gu, ' ').trim();
  const short = line.length > 300 ? `${line.slice(0, 300)} ...` : line;
  return short.replace(/[.:]$/, '') || 'no reason given';
}
