import type { Frame } from '../../core/frame.ts';

const SAME_MOMENT_NS = 1e6;

/** Frames whose triggers were told, until they are taken; when there are too many the oldest goes. */
export class FrameShelf {
  readonly #frames: Frame[] = [];
  readonly #room: number;

  constructor(room: number) {
    this.#room = room;
  }

  put(frame: Frame): void {
    if (this.#frames.length >= this.#room) this.#frames.shift();
    this.#frames.push(frame);
  }

  /** The frame of the trigger at `atNs`. Older ones go too: the line did not take their triggers for parts. */
  take(atNs: number): Frame | undefined {
    const index = this.#frames.findIndex((frame) => Math.abs(frame.sensorNs - atNs) < SAME_MOMENT_NS);
    return index < 0 ? undefined : this.#frames.splice(0, index + 1).at(-1);
  }
}
