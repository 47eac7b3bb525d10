import type { Calibration } from '../config/calibration.ts';
import type { Wired } from './board.ts';
import type { InputName } from './sightings.ts';

export const stepIds = ['inputs', 'encoder', 'gate', 'delay', 'response', 'lateness', 'rate'] as const;
export type StepId = (typeof stepIds)[number];

/** What commissioning knows of the station. */
export interface Context {
  readonly base: 'time' | 'encoder';
  readonly wired: readonly Wired[];
  readonly gates: 1 | 2;
  /** The figures that the gatekeeper runs with: what is not measured keeps them. */
  readonly old: Calibration;
  readonly lateUs: number;
  /** Somebody has said on the command line that the line is stopped and the gate free. */
  readonly saidStopped: boolean;
}

/** A figure that the technician can give. */
export interface Field {
  readonly name: FieldName;
  readonly ask: string;
  /** Left empty it is not known. */
  readonly optional: boolean;
  readonly min: number;
  readonly max: number;
}

export type FieldName =
  | 'movedMm'
  | 'lengthMm'
  | 'sensorBehindMm'
  | 'gateMm'
  | 'reviewBehindMm'
  | 'moveMs'
  | 'countsPerMm'
  | 'countsPerSecond'
  | 'arrival'
  | 'beam'
  | 'toConfirmMs'
  | 'lateMs';

export type Answers = { readonly [name in FieldName]?: number };

/** One step of the walk. */
export interface Step {
  readonly title: string;
  /** What to do, in a sentence or two. */
  readonly about: string;
  /** Why it cannot be done at this station; undefined when it can. */
  readonly without?: string | undefined;
  /** The gate can be moved by its key: for how long in one press, in ns. */
  readonly holdNs?: number | undefined;
  /** Asked after measuring. */
  readonly fields: readonly Field[];
  /** Asked in place of measuring; none: it cannot be given. */
  readonly byHand: readonly Field[];
}

/** The sensor that says when a part is at the gate; undefined where none is wired. */
export function gateSensor({ wired }: Context): InputName | undefined {
  const has = (input: InputName): boolean => wired.some((each) => each.input === input);
  if (has('part-at-gate')) return 'part-at-gate';
  return has('confirm') ? 'confirm' : undefined;
}

function isWired({ wired }: Context, input: InputName): boolean {
  return wired.some((each) => each.input === input);
}

const oneSendingNs = 1;

/** A step at this station. */
export function stepOf(id: StepId, context: Context, longestHoldNs: number): Step {
  switch (id) {
    case 'inputs':
      return {
        title: 'Inputs',
        about: 'Walk a part through each beam and see its line below go from inactive to active and back, once each.',
        fields: [],
        byHand: [],
      };
    case 'encoder':
      return encoderStep(context);
    case 'gate':
      return {
        title: 'Gate',
        about: `Hold the space bar: the gate is active while you hold it${context.gates === 2 ? '; the key g moves the gate for review' : ''}.`,
        holdNs: longestHoldNs,
        fields: [],
        byHand: [],
      };
    case 'delay':
      return delayStep(context, longestHoldNs);
    case 'response':
      return {
        title: 'Response of the gate',
        about:
          'Lay a part at the gate, tap the space bar once and see it fall past the sensor in the chute; five times or more.',
        without: isWired(context, 'confirm') ? undefined : 'no sensor in the chute is wired (line.inputs.confirm)',
        holdNs: oneSendingNs,
        fields: [moveField],
        byHand: [
          moveField,
          field('toConfirmMs', 'From gate to the sensor in the chute takes a part, in ms', 0, 60_000, true),
        ],
      };
    case 'lateness':
      return {
        title: 'Lateness of this device',
        about: 'This device works hard for some seconds while a timer of the gatekeeper’s kind runs; nothing moves.',
        fields: [],
        byHand: [field('lateMs', 'The latest that a timer of this device was, in ms', 0.001, 1000)],
      };
    case 'rate':
      return {
        title: 'Highest encoder rate',
        about: 'The rate that the belt reached is compared with what the gatekeeper was tested for.',
        without: context.base === 'encoder' ? undefined : 'the calibration counts no encoder',
        fields: [],
        byHand: [],
      };
  }
}

function encoderStep({ base }: Context): Step {
  return {
    title: 'Encoder',
    about: 'Mark the belt, let it run forward at its highest speed, stop it, and measure how far the mark has moved.',
    without: base === 'encoder' ? undefined : 'the calibration counts no encoder',
    fields: [field('movedMm', 'The belt has moved, in mm', 1, 1_000_000, true)],
    byHand: [
      field('countsPerMm', 'Counts for a millimetre of belt', 0.001, 10_000),
      field('countsPerSecond', 'Counts a second at the highest speed of the belt', 0, 10_000_000, true),
    ],
  };
}

const moveField = field('moveMs', 'The gate moves, by its data sheet, in ms', 0, 10_000, true);

function delayStep(context: Context, longestHoldNs: number): Step {
  const sensor = gateSensor(context);
  const unit = context.base === 'time' ? 'ms' : 'counts';
  const review = context.gates === 2;
  const reviewField = field('reviewBehindMm', 'The gate for review is behind the gate, in mm', 0, 100_000, true);
  return {
    title: 'Way to the gate',
    about: aboutDelay(sensor),
    ...(sensor === 'confirm' ? { holdNs: longestHoldNs } : {}),
    fields: [
      field('lengthMm', 'The marked part is long, along the belt, in mm', 0.1, 10_000, sensor !== undefined),
      sensor === undefined
        ? field('gateMm', 'From photo-eye to gate, in mm', 1, 100_000)
        : field('sensorBehindMm', 'The sensor is behind the gate, in mm (empty: at the gate)', -10_000, 10_000, true),
      ...(review ? [reviewField] : []),
    ],
    byHand: [
      field('arrival', `From photo-eye to gate takes a part, in ${unit}`, 1, 3_600_000),
      field('beam', `A part darkens the photo-eye, in ${unit}`, 0.1, 60_000, true),
    ],
  };
}

function aboutDelay(sensor: InputName | undefined): string {
  const send = 'Let the belt run at its usual speed and send the marked part past the photo-eye';
  if (sensor === 'part-at-gate') return `${send} and the sensor at the gate, five times or more, one at a time.`;
  if (sensor === undefined) return `${send}, five times or more; the way to the gate is then asked for.`;
  return `${send}, five times or more, one at a time; hold the space bar when it comes near the gate, so that it falls past the sensor in the chute.`;
}

function field(name: FieldName, ask: string, min: number, max: number, optional = false): Field {
  return { name, ask, min, max, optional };
}
