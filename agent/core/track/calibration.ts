import { LinegateError } from '../errors.ts';
import type { TrackerExports } from './wasm.ts';

/** Where this station's gate is and how it moves, in ns of the monotonic clock. The rules are in agent/native/track/track.h. */
export interface TrackerCalibration {
  /** What distances on the belt are measured in. */
  readonly base: 'time';
  /** From the trigger's edge to the start of the part's window. */
  readonly delayNs: number;
  /** The window: how long the gate must be active to eject the part. */
  readonly widthNs: number;
  /** How long after going inactive the gate may still hit a part. */
  readonly recoveryNs: number;
  /** From the deadline for a verdict to the start of the window. */
  readonly leadNs: number;
  /** An edge closer than this to the last accepted one is a bounce of the same part. */
  readonly triggerDeadNs: number;
  readonly failSafe: 'eject' | 'pass' | 'stop-line';
  readonly tooClose: 'eject-neighbour' | 'escape' | 'stop-line';
  /** `ejected`: a sensor in the reject chute sees what was ejected. */
  readonly confirm: 'none' | 'ejected';
  /** When that sensor may see a part, after the start of its window; not looked at when `confirm` is `none`. */
  readonly confirmFromNs: number;
  readonly confirmToNs: number;
  /** Number of the next part, 1 or more. */
  readonly firstPart: number;
}

type Field = keyof TrackerCalibration;

/** The values of each choice, in the order of their codes in track.h, which begin with 1. */
const choices = {
  base: ['time'],
  failSafe: ['eject', 'pass', 'stop-line'],
  tooClose: ['eject-neighbour', 'escape', 'stop-line'],
  confirm: ['none', 'ejected'],
} as const;

const duration = 'must be a whole number of ns, more than 0 and at most an hour';

/** What is wrong, by the statuses of track.h: the field and what it must be. */
const faults: readonly (readonly [Field, string])[] = [
  ['base', 'must be "time"'],
  ['delayNs', duration],
  ['widthNs', duration],
  ['recoveryNs', duration],
  ['leadNs', duration],
  ['triggerDeadNs', duration],
  ['failSafe', 'must be "eject", "pass" or "stop-line"'],
  ['tooClose', 'must be "eject-neighbour", "escape" or "stop-line"'],
  ['confirm', 'must be "none" or "ejected"'],
  ['confirmFromNs', 'must be a whole number of ns from 0 to an hour'],
  ['confirmToNs', 'must be a whole number of ns, more than confirmFromNs and at most an hour'],
  ['firstPart', 'must be a whole number from 1 to 2^52'],
  [
    'delayNs',
    'is too short: less leadNs it must be at least widthNs + recoveryNs, so that every part too close to another is seen before its deadline; move the photo-eye away from the gate',
  ],
  [
    'triggerDeadNs',
    'is too short: more than 256 parts could be between photo-eye and gate; make it about the time that the shortest part takes to pass the photo-eye',
  ],
];

function codeOf(field: keyof typeof choices, calibration: TrackerCalibration): number {
  const values: readonly string[] = choices[field];
  return values.indexOf(calibration[field]) + 1;
}

/** Gives the calibration to the module. Throws a LinegateError 'bad-config' naming the field, its value and what it must be. */
export function configure(wasm: TrackerExports, calibration: TrackerCalibration): void {
  const status = wasm.configure(
    codeOf('base', calibration),
    codeOf('failSafe', calibration),
    codeOf('tooClose', calibration),
    codeOf('confirm', calibration),
    calibration.delayNs,
    calibration.widthNs,
    calibration.recoveryNs,
    calibration.leadNs,
    calibration.triggerDeadNs,
    calibration.confirmFromNs,
    calibration.confirmToNs,
    calibration.firstPart,
  );
  const fault = faults[status - 1];
  if (fault === undefined) return;
  const [field, rule] = fault;
  throw new LinegateError('bad-config', `The calibration's ${field}, ${String(calibration[field])}, ${rule}.`);
}
