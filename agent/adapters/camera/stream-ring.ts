import type { StreamFrame } from './stream-source.ts';

/** How far the nearest frame is, whether or not it is inside the window. */
export interface Nearest {
  readonly frame: StreamFrame;
  readonly apartNs: number;
}

/** The latest frames; the room of those that nobody holds is used again. */
export class FrameRing {
  readonly #size: number;
  #frames: StreamFrame[] = [];
  #spare: Uint8Array[] = [];
  #newestNs = Number.NEGATIVE_INFINITY;

  constructor(size: number) {
    this.#size = size;
  }

  /** The sensor time of the newest frame that ever came; -Infinity before the first. */
  get newestNs(): number {
    return this.#newestNs;
  }

  room(sizeBytes: number): Uint8Array {
    const spare = this.#spare.pop();
    return spare?.length === sizeBytes ? spare : new Uint8Array(sizeBytes);
  }

  put(frame: StreamFrame): void {
    this.#frames.push(frame);
    this.#newestNs = Math.max(this.#newestNs, frame.sensorNs);
    const oldest = this.#frames.length > this.#size ? this.#frames.shift() : undefined;
    if (oldest !== undefined) this.#release(oldest.pixels);
  }

  /** The frame nearest to a moment. */
  nearest(atNs: number): Nearest | undefined {
    let best: Nearest | undefined;
    for (const frame of this.#frames) {
      const apartNs = Math.abs(frame.sensorNs - atNs);
      if (best === undefined || apartNs < best.apartNs) best = { frame, apartNs };
    }
    return best;
  }

  /** Room that holds nothing any more. One is enough: it is filled while the oldest frame is still there. */
  #release(pixels: Uint8Array): void {
    if (this.#spare.length === 0) this.#spare.push(pixels);
  }

  /** Takes a frame out: it is one part's alone. Its room is used again unless it is handed out. */
  take(frame: StreamFrame, handedOut: boolean): void {
    this.#frames = this.#frames.filter((kept) => kept !== frame);
    if (!handedOut) this.#release(frame.pixels);
  }

  clear(): void {
    this.#frames = [];
    this.#spare = [];
    this.#newestNs = Number.NEGATIVE_INFINITY;
  }
}
