import type { Frame } from '../../../core/frame.ts';
import type { PartId } from '../../../core/part-record.ts';
import type { Camera, Capture } from '../../../ports/camera.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { FaultDice } from './plan.ts';
import { waitUntil } from './wait.ts';

/** What goes wrong, and how long a late frame takes at least. */
export interface FaultyCameraParts {
  readonly camera: Camera;
  readonly dice: FaultDice;
  readonly clock: Clock;
  /** From the trigger to after the part's deadline. */
  readonly lateNs: number;
}

/** A camera whose frames are lost, late, doubled (the frame before once more) or torn, as the dice fall. */
export class FaultyCamera implements Camera {
  readonly #parts: FaultyCameraParts;
  #before: Frame | undefined;

  constructor(parts: FaultyCameraParts) {
    this.#parts = parts;
  }

  start(): Promise<void> {
    return this.#parts.camera.start();
  }

  async capture(part: PartId, triggerNs: number, signal: AbortSignal): Promise<Capture> {
    const { camera, dice, clock, lateNs } = this.#parts;
    // All dice are cast for every part, so that one fault does not move another.
    const lost = dice.hits('frame-lost');
    const late = dice.hits('frame-late');
    const doubled = dice.hits('frame-duplicated');
    const torn = dice.hits('frame-torn');
    const capture = await camera.capture(part, triggerNs, signal);
    if (lost) return { kind: 'no-frame', reason: 'The simulated camera lost the frame.' };
    if (capture.kind === 'no-frame') return capture;
    if (doubled && this.#before !== undefined) return { kind: 'frame', frame: this.#before };
    this.#before = capture.frame;
    if (late) {
      const dueNs = triggerNs + lateNs * (1 + dice.stream('frame-late')());
      if (!(await waitUntil(clock, dueNs, signal)))
        return { kind: 'no-frame', reason: 'The simulated frame came too late.' };
    }
    return { kind: 'frame', frame: torn ? half(capture.frame) : capture.frame };
  }

  stop(): Promise<void> {
    return this.#parts.camera.stop();
  }
}

function half(frame: Frame): Frame {
  return { ...frame, data: frame.data.subarray(0, frame.data.length >> 1) };
}
