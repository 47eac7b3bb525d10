import { z } from 'zod';
import type { TrackerCalibration } from '../core/track/calibration.ts';
import { readDocument } from './read.ts';

const ms = (min: number, max: number): z.ZodNumber => z.number().min(min).max(max);

/**
 * What was measured at this station: where the gate is and how it moves. Never part of a recipe and never set from afar.
 * Whether the figures fit together is the tracker's to say.
 */
const calibrationSchema = z.strictObject({
  schemaVersion: z.literal(1),
  /** From the photo-eye's edge to the moment at which the gate must become active for that part. */
  delayMs: ms(1, 3_600_000),
  /** How long the gate stays active for one part. */
  widthMs: ms(0.1, 60_000),
  /** How long after becoming inactive the gate may still hit a part. */
  recoveryMs: ms(0.1, 60_000),
  /** A verdict must be there this long before the gate acts. */
  leadMs: ms(0.1, 60_000).default(5),
  /** Edges closer than this belong to the same part. */
  triggerDeadMs: ms(0.1, 60_000),
  failSafe: z.enum(['eject', 'pass', 'stop-line']).default('eject'),
  tooClose: z.enum(['eject-neighbour', 'escape', 'stop-line']).default('eject-neighbour'),
  /** The sensor in the reject chute, as times after the gate became active; leave it out where there is none. */
  confirmation: z.strictObject({ fromMs: ms(0, 3_600_000), toMs: ms(0, 3_600_000) }).optional(),
});

/** Reads a station's calibration file. Throws LinegateError 'bad-config'. */
export function loadCalibration(file: string): Omit<TrackerCalibration, 'firstPart'> {
  const c = readDocument(file, 'calibration', calibrationSchema, 'bad-config');
  const ns = (ms: number): number => Math.round(ms * 1e6);
  return {
    base: 'time',
    delayNs: ns(c.delayMs),
    widthNs: ns(c.widthMs),
    recoveryNs: ns(c.recoveryMs),
    leadNs: ns(c.leadMs),
    triggerDeadNs: ns(c.triggerDeadMs),
    failSafe: c.failSafe,
    tooClose: c.tooClose,
    confirm: c.confirmation === undefined ? 'none' : 'ejected',
    confirmFromNs: ns(c.confirmation?.fromMs ?? 0),
    confirmToNs: ns(c.confirmation?.toMs ?? 0),
  };
}
