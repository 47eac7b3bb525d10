import type { Calibration } from '../config/calibration.ts';
import type { GatekeeperLineConfig } from '../config/gatekeeper.ts';
import type { GateSensorWindow } from '../core/reconcile/reconcile.ts';

/** What is told where the sensor is wired and cannot be compared with the photo-eye. */
export const gateSensorNotCompared =
  'partAtGate is not compared with the photo-eye: the calibration counts an encoder, and when a part must be at that sensor is known in time only.';

/**
 * When, after its trigger, a part must be at the sensor `partAtGate`: while the gate would eject it, and for the gate's
 * recovery before and after that, since no sensor sits exactly there. Undefined without such a sensor, and where the belt is
 * counted by an encoder.
 */
export function gateSensorOf(
  { inputs }: Pick<GatekeeperLineConfig, 'inputs'>,
  { base, delay, width, recovery }: Calibration,
): GateSensorWindow | undefined {
  if (inputs.partAtGate === undefined || base === 'encoder') return undefined;
  return { fromNs: delay - recovery, toNs: delay + width + recovery };
}
