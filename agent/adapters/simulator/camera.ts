import { messageOf } from '../../core/errors.ts';
import type { Frame } from '../../core/frame.ts';
import type { PartId } from '../../core/part-record.ts';
import type { Camera, Capture } from '../../ports/camera.ts';
import { orAborted } from './aborted.ts';
import type { Belt, PartSource } from './belt.ts';

/** A camera over the virtual belt: its frame is taken at the moment of the trigger. */
export class SimulatedCamera implements Camera {
  readonly #belt: Belt;
  readonly #source: PartSource;
  readonly #onFrame: (part: PartId, label: string, frame: Frame) => void;
  #sequence = 0;

  /** `onFrame` hears of every frame, with the part's true label. */
  constructor(belt: Belt, source: PartSource, onFrame: (part: PartId, label: string, frame: Frame) => void = () => {}) {
    this.#belt = belt;
    this.#source = source;
    this.#onFrame = onFrame;
  }

  async start(): Promise<void> {
    await this.#source.start();
  }

  async capture(part: PartId, triggerNs: number, signal: AbortSignal): Promise<Capture> {
    const index = this.#belt.indexOf(part);
    if (index === undefined) return { kind: 'no-frame', reason: 'there is no such part on the belt' };
    this.#sequence += 1;
    const sequence = this.#sequence;
    try {
      const picture = await orAborted(this.#source.picture(index), signal);
      if (picture === undefined) return { kind: 'no-frame', reason: 'the picture was not ready before the deadline' };
      const strideBytes = picture.widthPx * 3;
      const when = { sensorNs: triggerNs, clock: 'monotonic', sequence } as const;
      const frame: Frame = { ...picture, format: 'rgb', strideBytes, ...when };
      this.#onFrame(part, this.#source.part(index).label, frame);
      return { kind: 'frame', frame };
    } catch (error) {
      return { kind: 'no-frame', reason: messageOf(error) };
    }
  }

  async stop(): Promise<void> {
    await this.#source.stop();
  }
}
