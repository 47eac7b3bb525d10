import type { TrackerCalibration } from '../tracker.ts';
import { type ExpectedPart, isBefore } from './oracle.ts';
import { eventsOf, type Played, pulsesOf } from './play.ts';

/** How many pulses had begun before this call. One that begins at the very time of a call has, if its tick came first. */
function pulsesBegun(played: readonly Played[], index: number): number {
  return eventsOf(played.slice(0, index), 'gate').filter(({ state }) => state === 'active').length;
}

/**
 * Which part each confirmation edge belongs to, for a host that ticks on time, in the order of the edges: the oldest one that
 * the gate was active for, has the edge in its confirmation window and was not confirmed before.
 */
export function expectedConfirmations(
  played: readonly Played[],
  parts: readonly ExpectedPart[],
  calibration: TrackerCalibration,
): (number | undefined)[] {
  const pulses = pulsesOf(played);
  const watched = parts.filter(({ action }) => action === 'eject' && calibration.confirm === 'ejected');
  const windows = watched.map(({ part, startNs, pulse }) => ({
    part,
    fromNs: startNs + calibration.confirmFromNs,
    toNs: startNs + calibration.confirmToNs,
    closesNs: startNs + Math.max(calibration.widthNs, calibration.confirmToNs),
    pulse: pulses.findIndex(({ toNs }) => pulse !== undefined && pulse.toNs <= toNs),
  }));
  const found: (number | undefined)[] = [];
  for (const [index, { call, atNs }] of played.entries()) {
    if (call.call !== 'confirm') continue;
    const begun = pulsesBegun(played, index);
    const open = windows.filter(
      (w) => w.fromNs <= atNs && atNs <= w.toNs && isBefore(played, index, w.closesNs) && w.pulse < begun,
    );
    found.push(open.map(({ part }) => part).find((part) => !found.includes(part)));
  }
  return found;
}
