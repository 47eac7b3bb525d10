import { messageOf } from '../../core/errors.ts';
import type { PartId } from '../../core/part-record.ts';
import type { Camera, Capture } from '../../ports/camera.ts';
import { orAborted } from './aborted.ts';
import type { PartSource } from './belt.ts';

/** Pictures that are made ahead of their trigger. */
const picturesAhead = 4;

/** A camera without a belt: every trigger, wherever it comes from, sees the next of the source's parts. */
export class DeskCamera implements Camera {
  readonly #source: PartSource;
  #next = 0;

  constructor(source: PartSource) {
    this.#source = source;
  }

  async start(): Promise<void> {
    await this.#source.start();
    for (let index = 0; index < picturesAhead; index += 1) this.#source.prepare(index);
  }

  async capture(_part: PartId, triggerNs: number, signal: AbortSignal): Promise<Capture> {
    const index = this.#next;
    this.#next += 1;
    this.#source.prepare(index + picturesAhead);
    try {
      const picture = await orAborted(this.#source.picture(index), signal);
      if (picture === undefined) {
        this.#source.discard(index);
        return { kind: 'no-frame', reason: 'the picture was not ready before the deadline' };
      }
      const when = { sensorNs: triggerNs, clock: 'monotonic', sequence: index } as const;
      return { kind: 'frame', frame: { ...picture, format: 'rgb', strideBytes: picture.widthPx * 3, ...when } };
    } catch (error) {
      return { kind: 'no-frame', reason: messageOf(error) };
    }
  }

  async stop(): Promise<void> {
    await this.#source.stop();
  }
}
