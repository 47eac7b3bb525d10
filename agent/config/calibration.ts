import { z } from 'zod';
import { LinegateError } from '../core/errors.ts';
import { Tracker, type TrackerCalibration } from '../core/track/tracker.ts';
import { readDocument } from './read.ts';

const ms = (min: number, max: number): z.ZodNumber => z.number().min(min).max(max);
const counts = (min: number): z.ZodNumber => z.int().min(min).max(1_000_000_000);

const rules = {
  failSafe: z.enum(['eject', 'pass', 'stop-line']).default('eject'),
  tooClose: z.enum(['eject-neighbour', 'escape', 'stop-line']).default('eject-neighbour'),
};

const timed = {
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
  ...rules,
  /** The sensor in the reject chute, as times after the gate became active; leave it out where there is none. */
  confirmation: z.strictObject({ fromMs: ms(0, 3_600_000), toMs: ms(0, 3_600_000) }).optional(),
};

/** The same distances in counts of the belt's encoder, so that they hold at every speed. */
const counted = {
  /** `quadrature-reversed`: the belt runs forward where the channels count back. */
  encoder: z.enum(['quadrature', 'quadrature-reversed', 'single']),
  delayCounts: counts(1),
  widthCounts: counts(1),
  recoveryCounts: counts(1),
  leadCounts: counts(1),
  triggerDeadCounts: counts(1),
  ...rules,
  confirmation: z.strictObject({ fromCounts: counts(0), toCounts: counts(0) }).optional(),
};

/**
 * What was measured at this station: where the gate is and how it moves. Never part of a recipe and never set from afar.
 * Whether the figures fit together is the tracker's to say. Version 1 knows time only; it stays valid.
 */
export const calibrationSchema = z.discriminatedUnion('schemaVersion', [
  z.strictObject({ schemaVersion: z.literal(1), ...timed }),
  z.discriminatedUnion('base', [
    z.strictObject({
      schemaVersion: z.literal(2),
      base: z.literal('time'),
      ...timed,
      /** A second gate behind the first, for parts under review; measured from the same photo-eye. */
      reviewGate: z
        .strictObject({
          delayMs: timed.delayMs,
          /** Left out, these are as the first gate's. */
          widthMs: timed.widthMs.optional(),
          recoveryMs: timed.recoveryMs.optional(),
        })
        .optional(),
    }),
    z.strictObject({
      schemaVersion: z.literal(2),
      base: z.literal('encoder'),
      ...counted,
      reviewGate: z
        .strictObject({
          delayCounts: counts(1),
          widthCounts: counts(1).optional(),
          recoveryCounts: counts(1).optional(),
        })
        .optional(),
    }),
  ]),
]);

export type CalibrationFile = z.infer<typeof calibrationSchema>;

/** A station's calibration in one unit: ns when `base` is time, counts of the encoder otherwise. */
export interface Calibration {
  readonly base: 'time' | 'encoder';
  readonly encoder: 'quadrature' | 'quadrature-reversed' | 'single' | undefined;
  readonly delay: number;
  readonly width: number;
  readonly recovery: number;
  readonly lead: number;
  readonly triggerDead: number;
  readonly failSafe: TrackerCalibration['failSafe'];
  readonly tooClose: TrackerCalibration['tooClose'];
  readonly confirmation: { readonly from: number; readonly to: number } | undefined;
  readonly reviewGate: ReviewGate | undefined;
}

/** The second gate; what is left out is as the first one's. */
export interface ReviewGate {
  readonly delay: number;
  readonly width?: number | undefined;
  readonly recovery?: number | undefined;
}

/** Reads a station's calibration file. Throws LinegateError 'bad-config'. */
export function readCalibration(file: string): Calibration {
  return oneUnit(readDocument(file, 'calibration', calibrationSchema, 'bad-config'));
}

/** The same for a tracker in the agent's own process, which has the time only and one gate. */
export function loadCalibration(file: string): Omit<TrackerCalibration, 'firstPart'> {
  const c = readCalibration(file);
  if (c.base === 'encoder' || c.reviewGate !== undefined) {
    const what = c.base === 'encoder' ? 'base is "encoder"' : 'reviewGate is given';
    const message = `The calibration ${file} does not fit line.kind "software": its ${what}, which only the gatekeeper can do; give base "time" and one gate, or line.kind "gatekeeper".`;
    throw new LinegateError('bad-config', message);
  }
  return trackerCalibration(c);
}

/** What the tracker of `gate` is given; its fields are named in ns and hold counts where the base is the encoder. */
function trackerCalibration(c: Calibration): Omit<TrackerCalibration, 'firstPart'> {
  return {
    base: 'time',
    delayNs: c.delay,
    widthNs: c.width,
    recoveryNs: c.recovery,
    leadNs: c.lead,
    triggerDeadNs: c.triggerDead,
    failSafe: c.failSafe,
    tooClose: c.tooClose,
    confirm: c.confirmation === undefined ? 'none' : 'ejected',
    confirmFromNs: c.confirmation?.from ?? 0,
    confirmToNs: c.confirmation?.to ?? 0,
  };
}

/** Whether the tracker takes the figures, of both gates. Throws LinegateError 'bad-config'. */
export function checkFigures(calibration: Calibration): void {
  const { base, delay, width, recovery, reviewGate } = calibration;
  checkGate(calibration, '');
  if (reviewGate === undefined) return;
  if (reviewGate.delay < delay) {
    const message = `The calibration's reviewGate is nearer than the gate (${reviewGate.delay} of ${delay} ${base === 'time' ? 'ns' : 'counts'}): it must be behind it, exchange the two.`;
    throw new LinegateError('bad-config', message);
  }
  const own = { delay: reviewGate.delay, width: reviewGate.width ?? width, recovery: reviewGate.recovery ?? recovery };
  checkGate({ ...calibration, ...own, confirmation: undefined }, 'Of the reviewGate: ');
}

function checkGate(calibration: Calibration, which: string): void {
  try {
    Tracker.create({ ...trackerCalibration(calibration), firstPart: 1 });
  } catch (cause) {
    if (!(cause instanceof LinegateError)) throw cause;
    const message = calibration.base === 'time' ? cause.message : cause.message.replace(/Ns\b/g, 'Counts');
    throw new LinegateError(cause.code, `${which}${message}`, { cause });
  }
}

/** The figures of a calibration file that was checked. */
export function oneUnit(c: CalibrationFile): Calibration {
  const { failSafe, tooClose } = c;
  if (c.schemaVersion === 2 && c.base === 'encoder') {
    const { confirmation, reviewGate } = c;
    return {
      base: 'encoder',
      encoder: c.encoder,
      delay: c.delayCounts,
      width: c.widthCounts,
      recovery: c.recoveryCounts,
      lead: c.leadCounts,
      triggerDead: c.triggerDeadCounts,
      failSafe,
      tooClose,
      confirmation: confirmation && { from: confirmation.fromCounts, to: confirmation.toCounts },
      reviewGate: reviewGate && {
        delay: reviewGate.delayCounts,
        width: reviewGate.widthCounts,
        recovery: reviewGate.recoveryCounts,
      },
    };
  }
  const reviewGate = c.schemaVersion === 2 ? c.reviewGate : undefined;
  return {
    base: 'time',
    encoder: undefined,
    delay: ns(c.delayMs),
    width: ns(c.widthMs),
    recovery: ns(c.recoveryMs),
    lead: ns(c.leadMs),
    triggerDead: ns(c.triggerDeadMs),
    failSafe,
    tooClose,
    confirmation: c.confirmation && { from: ns(c.confirmation.fromMs), to: ns(c.confirmation.toMs) },
    reviewGate: reviewGate && {
      delay: ns(reviewGate.delayMs),
      width: optionalNs(reviewGate.widthMs),
      recovery: optionalNs(reviewGate.recoveryMs),
    },
  };
}

function optionalNs(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ns(ms);
}

function ns(ms: number): number {
  return Math.round(ms * 1e6);
}
