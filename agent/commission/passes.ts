import { type Edge, type InputName, type Sighting, sightingsOf } from './sightings.ts';
import { type Spread, spreadOf } from './spread.ts';

/** What the figures of the belt are in: ns, or counts of the encoder. */
export type Base = 'time' | 'encoder';

/** A marked part at the photo-eye and, where one is wired, at the sensor by the gate. */
export interface Pass {
  /** When the photo-eye saw it. */
  readonly atNs: number;
  /** From the photo-eye to the sensor; null without a sensor. */
  readonly travel: number | null;
  readonly travelNs: number | null;
  /** How long the part kept the photo-eye dark; null when its end was not seen. */
  readonly beam: number | null;
  readonly beamNs: number | null;
}

export interface Passes {
  readonly passes: readonly Pass[];
  /** Times that the photo-eye saw a part and the sensor none. */
  readonly missedAtSensor: number;
  /** Times that the sensor saw a part and the photo-eye none. */
  readonly missedAtEye: number;
}

/**
 * Parts that went past the photo-eye one at a time: each sight of the sensor belongs to the last part before it. A part that
 * only one of the two saw is counted, not guessed.
 */
export function passesOf(edges: readonly Edge[], sensor: InputName | undefined, base: Base): Passes {
  const eye = sightingsOf(edges, 'trigger');
  if (sensor === undefined) {
    return { passes: eye.map((front) => passOf(front, undefined, base)), missedAtSensor: 0, missedAtEye: 0 };
  }
  const atGate = sightingsOf(edges, sensor);
  const pairs = eye.map((front, index) => {
    const until = eye[index + 1]?.atNs ?? Number.POSITIVE_INFINITY;
    return { front, seen: atGate.find(({ atNs }) => atNs >= front.atNs && atNs < until) };
  });
  const passes = pairs.flatMap(({ front, seen }) => (seen === undefined ? [] : [passOf(front, seen, base)]));
  return {
    passes,
    missedAtSensor: pairs.length - passes.length,
    missedAtEye: atGate.length - passes.length,
  };
}

function passOf(front: Sighting, seen: Sighting | undefined, base: Base): Pass {
  const travelNs = seen === undefined ? null : seen.atNs - front.atNs;
  const travelCounts = seen === undefined ? null : seen.counts - front.counts;
  const counted = base === 'encoder';
  return {
    atNs: front.atNs,
    travel: counted ? travelCounts : travelNs,
    travelNs,
    beam: counted ? front.beamCounts : front.beamNs,
    beamNs: front.beamNs,
  };
}

/** What a technician can measure with a tape; undefined where nobody did. */
export interface Tape {
  /** The marked part, along the belt. */
  readonly lengthMm?: number | undefined;
  /** How far the sensor is behind the gate; negative in front of it. */
  readonly sensorBehindMm?: number | undefined;
  /** From the photo-eye to the gate. */
  readonly gateMm?: number | undefined;
  /** From the gate to the gate for review. */
  readonly reviewBehindMm?: number | undefined;
}

/** Where the gate is, in ns or counts after the photo-eye. */
export interface DelayFigures {
  readonly by: 'sensor' | 'tape' | 'hand';
  readonly arrival: Spread;
  readonly beam: Spread | null;
  readonly mmPerSecond: number | null;
  readonly countsPerSecond: number | null;
  /** Where the gate for review is, in the same units; null when it was not given. */
  readonly review: number | null;
  readonly missedAtSensor: number;
  readonly missedAtEye: number;
}

/** Figures nearer to each other than this are alike: 2 ms, or 2 counts. */
export function alike(base: Base): number {
  return base === 'time' ? 2e6 : 2;
}

/**
 * The way to the gate. By the sensor, less the way from gate to sensor where that is given; without one, by the tape and the
 * belt's speed, for which the part's length is needed. Undefined when too little was seen or given.
 */
export function delayOf({ passes, ...missed }: Passes, tape: Tape, base: Base): DelayFigures | undefined {
  const arrivals = passes.flatMap((pass) => arrivalOf(pass, tape) ?? []);
  const arrival = spreadOf(arrivals, alike(base));
  if (arrival === undefined) return undefined;
  const beam =
    spreadOf(
      passes.flatMap((pass) => pass.beam ?? []),
      alike(base),
    ) ?? null;
  const speeds = passes.flatMap(({ beamNs }) => perSecond(tape.lengthMm, beamNs));
  const rates = base === 'time' ? [] : passes.flatMap(({ travel, travelNs }) => perSecond(travel, travelNs));
  return {
    by: passes.some(({ travel }) => travel !== null) ? 'sensor' : 'tape',
    arrival,
    beam,
    mmPerSecond: spreadOf(speeds, 1)?.median ?? null,
    countsPerSecond: spreadOf(rates, 1)?.median ?? null,
    review: reviewOf(arrival, beam, tape),
    ...missed,
  };
}

function reviewOf(arrival: Spread, beam: Spread | null, { lengthMm, reviewBehindMm }: Tape): number | null {
  if (beam === null || lengthMm === undefined || reviewBehindMm === undefined) return null;
  return arrival.median + (beam.median / lengthMm) * reviewBehindMm;
}

function arrivalOf({ travel, beam }: Pass, { lengthMm, sensorBehindMm = 0, gateMm }: Tape): number | undefined {
  const perMm = lengthMm === undefined || beam === null ? undefined : beam / lengthMm;
  if (travel === null) return perMm === undefined || gateMm === undefined ? undefined : perMm * gateMm;
  if (sensorBehindMm === 0) return travel;
  return perMm === undefined ? undefined : travel - perMm * sensorBehindMm;
}

function perSecond(amount: number | null | undefined, ns: number | null): number[] {
  return amount === null || amount === undefined || ns === null || ns <= 0 ? [] : [(amount * 1e9) / ns];
}
