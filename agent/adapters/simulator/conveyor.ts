import type { GateSensorWindow } from '../../core/reconcile/reconcile.ts';
import { between, type Random } from '../../core/render/prng.ts';
import type { TrackerCalibration } from '../../core/track/calibration.ts';

/** The virtual machine: a belt with a photo-eye at the camera, a gate further on and a sensor in the reject chute. */
export interface Conveyor {
  readonly meanSpacingNs: number;
  readonly minSpacingNs: number;
  /** From the photo-eye to the gate. */
  readonly travelNs: number;
  /** Parts slip on the belt: each arrives at the gate up to this much early or late. */
  readonly slipNs: number;
  /** From the command until the gate stands in the way. */
  readonly extendNs: number;
  /** From the command until the gate has left the way again. */
  readonly retractNs: number;
  /** From the gate to the sensor in the chute, and how much that varies. */
  readonly chuteNs: number;
  readonly chuteSlipNs: number;
  /** For how long a touching or bouncing part may give more edges. */
  readonly triggerDeadNs: number;
}

const nsPerMs = 1e6;

/** Above this many parts a second the line gets shorter: the tracker follows 256 parts, and they may come in crowds. */
const longLine = 60;

/**
 * A conveyor that sends `partsPerSecond` on average, at random and never closer than twice the gate's recovery. A faster
 * line gets a faster gate, and a very fast one is shorter.
 */
export function conveyorAt(partsPerSecond: number): Conveyor {
  const meanSpacingNs = 1e9 / partsPerSecond;
  const recoveryNs = Math.min(20 * nsPerMs, meanSpacingNs / 4);
  const shortened = Math.min(1, longLine / partsPerSecond);
  return {
    meanSpacingNs,
    minSpacingNs: 2 * recoveryNs,
    travelNs: 400 * nsPerMs * shortened,
    slipNs: recoveryNs * 0.1,
    extendNs: recoveryNs * 0.2,
    retractNs: recoveryNs * 0.9,
    chuteNs: 60 * nsPerMs * shortened,
    chuteSlipNs: 4 * nsPerMs * shortened,
    triggerDeadNs: recoveryNs * 0.5,
  };
}

/** What a technician would measure at this conveyor: the gate's window centred on the part. */
export function calibrationOf(conveyor: Conveyor): Omit<TrackerCalibration, 'firstPart'> {
  const { travelNs, slipNs, extendNs, retractNs, chuteNs, chuteSlipNs, triggerDeadNs } = conveyor;
  const widthNs = retractNs;
  const delayNs = travelNs - (extendNs + widthNs) / 2;
  const chuteFromWindowNs = travelNs - delayNs + chuteNs;
  const slackNs = 2 * (slipNs + chuteSlipNs);
  return {
    base: 'time',
    delayNs: Math.round(delayNs),
    widthNs: Math.round(widthNs),
    recoveryNs: Math.round(retractNs / 0.9),
    leadNs: 10 * nsPerMs,
    triggerDeadNs: Math.round(triggerDeadNs),
    failSafe: 'eject',
    tooClose: 'eject-neighbour',
    confirm: 'ejected',
    confirmFromNs: Math.round(chuteFromWindowNs - slackNs),
    confirmToNs: Math.round(chuteFromWindowNs + slackNs),
  };
}

/**
 * When after its trigger a part is at the sensor at the gate: twice as wide as the slip, and no two parts share a moment. That
 * sensor does not bounce.
 */
export function gateSensorWindow({ travelNs, slipNs }: Conveyor): GateSensorWindow {
  const [from, to] = [Math.floor(travelNs - 2 * slipNs), Math.ceil(travelNs + 2 * slipNs)];
  return { base: 'time', from, to, dead: 0 };
}

/** The time until the next part reaches the photo-eye: exponential above the least spacing, with the conveyor's mean. */
export function nextSpacingNs(conveyor: Conveyor, random: Random): number {
  const { meanSpacingNs, minSpacingNs } = conveyor;
  return Math.round(minSpacingNs - (meanSpacingNs - minSpacingNs) * Math.log(1 - random()));
}

/** When a part that passed the photo-eye at `triggerNs` is in the middle of the gate. */
export function gatePassNs(conveyor: Conveyor, triggerNs: number, random: Random): number {
  return Math.round(triggerNs + conveyor.travelNs + between(random, -conveyor.slipNs, conveyor.slipNs));
}

/** When a part ejected at `gateNs` passes the sensor in the chute. */
export function chutePassNs(conveyor: Conveyor, gateNs: number, random: Random): number {
  return Math.round(gateNs + conveyor.chuteNs + between(random, -conveyor.chuteSlipNs, conveyor.chuteSlipNs));
}

/** Where the gate physically is: since when it was last commanded active and inactive. */
export interface GatePosition {
  readonly activeSinceNs: number | null;
  readonly lastInactiveNs: number;
}

/** Whether the gate throws out a part that is in its middle at `atNs`. */
export function isHit(conveyor: Conveyor, gate: GatePosition, atNs: number): boolean {
  if (gate.activeSinceNs !== null) return atNs >= gate.activeSinceNs + conveyor.extendNs;
  return atNs <= gate.lastInactiveNs + conveyor.retractNs;
}
