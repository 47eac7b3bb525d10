import type { Calibration } from '../../config/calibration.ts';
import type { StreamConfig } from '../../config/camera.ts';
import type { StationConfig } from '../../config/station.ts';
import type { Findings } from './findings.ts';

const usualWindow = 0.6;

/** Whether a frame can be there before its part's deadline. Distances in counts say nothing about time. */
export function checkDeadline(camera: StationConfig['camera'], calibration: Calibration, findings: Findings): void {
  if (calibration.base !== 'time' || !('framesPerSecond' in camera)) return;
  const deadlineMs = (calibration.delay - calibration.lead) / 1e6;
  const latestMs = latestFrameMs(camera);
  if (latestMs < deadlineMs) return;
  const external = 'externalTrigger' in camera && camera.externalTrigger !== undefined;
  const sentence = `The frame of a part may come ${round(latestMs)} ms after its trigger and the verdict is due ${round(deadlineMs)} ms after it; move the photo-eye further from the gate, or ${external ? 'shorten externalTrigger.delayMs' : 'raise framesPerSecond'}.`;
  const path = external ? ['camera', 'externalTrigger', 'delayMs'] : ['camera', 'framesPerSecond'];
  // A frame that comes with an external trigger always comes so late; another one may come early enough.
  if (external) findings.fault(path, sentence);
  else findings.warning(path, sentence);
}

/** How long after the trigger a frame may be taken that still counts as the part's, and reach this computer. */
function latestFrameMs(camera: StreamConfig): number {
  const latencyMs = 'latencyMs' in camera ? camera.latencyMs : 0;
  const trigger = 'externalTrigger' in camera ? camera.externalTrigger : undefined;
  if (trigger !== undefined) return trigger.delayMs + latencyMs;
  return (camera.windowMs ?? (usualWindow * 1000) / camera.framesPerSecond) + latencyMs;
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
