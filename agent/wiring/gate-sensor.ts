import type { Calibration } from '../config/calibration.ts';
import type { GatekeeperLineConfig } from '../config/gatekeeper.ts';
import type { GateSensorWindow } from '../core/reconcile/reconcile.ts';

/**
 * How far behind its trigger a part must be at the sensor `partAtGate`, in ns or counts as the calibration is: where the gate
 * would eject it, and for the gate's recovery before and after that, since no sensor sits exactly there. Bounces are told from
 * parts as at the photo-eye. Undefined without such a sensor.
 */
export function gateSensorOf(
  { inputs }: Pick<GatekeeperLineConfig, 'inputs'>,
  { base, delay, width, recovery, triggerDead }: Calibration,
): GateSensorWindow | undefined {
  if (inputs.partAtGate === undefined) return undefined;
  return { base, from: delay - recovery, to: delay + width + recovery, dead: triggerDead };
}
