import { type Edge, sightingsOf } from './sightings.ts';
import { type Spread, spreadOf } from './spread.ts';

/** The gate became active: when the line was set. */
export interface GateOn {
  readonly atNs: number;
  readonly gate: 1 | 2;
}

/** From the gate's line to the sensor in the chute, in ns. */
export interface ResponseFigures {
  readonly by: 'sensor' | 'hand';
  readonly toConfirmNs: Spread | null;
  /** From the gate's data sheet; null when nobody knows it. */
  readonly moveNs: number | null;
  /** Pulses that the sensor did not see. */
  readonly missed: number;
}

/** Each sight of the sensor belongs to the last pulse before it; the key gives one pulse a press. */
export function responseOf(
  gates: readonly GateOn[],
  edges: readonly Edge[],
  moveNs: number | null,
): ResponseFigures | undefined {
  const presses = gates.filter(({ gate }) => gate === 1);
  const seen = sightingsOf(edges, 'confirm');
  const times = presses.flatMap(({ atNs }, index) => {
    const until = presses[index + 1]?.atNs ?? Number.POSITIVE_INFINITY;
    const first = seen.find((sighting) => sighting.atNs >= atNs && sighting.atNs < until);
    return first === undefined ? [] : [first.atNs - atNs];
  });
  const toConfirmNs = spreadOf(times, 5e6);
  if (toConfirmNs === undefined) return undefined;
  return { by: 'sensor', toConfirmNs, moveNs, missed: presses.length - times.length };
}
