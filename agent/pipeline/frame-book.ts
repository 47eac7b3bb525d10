import type { Frame } from '../core/frame.ts';
import type { PartId } from '../core/part-record.ts';

/** A camera that hands out a frame again does so soon. */
const framesKnown = 256;

/** Which frames were whose, so that none is taken for two parts. */
export class FrameBook {
  readonly #owners = new Map<number, { readonly part: PartId; readonly sensorNs: number }>();

  /** Enters the frame as the part's; returns the part whose it was already, if there is one. */
  take(part: PartId, { sequence, sensorNs }: Frame): PartId | undefined {
    const owner = this.#owners.get(sequence);
    // The same number with another time: the camera was started anew and counts from the beginning.
    if (owner?.sensorNs === sensorNs) return owner.part;
    this.#owners.delete(sequence);
    this.#owners.set(sequence, { part, sensorNs });
    if (this.#owners.size > framesKnown) this.#forgetOldest();
    return undefined;
  }

  #forgetOldest(): void {
    for (const oldest of this.#owners.keys()) {
      this.#owners.delete(oldest);
      return;
    }
  }
}
