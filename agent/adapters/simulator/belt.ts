import type { Frame } from '../../core/frame.ts';
import type { PartId } from '../../core/part-record.ts';

/** What a virtual part truly is. */
export interface VirtualPart {
  /** 0, 1, 2, ... in the order of the belt. */
  readonly index: number;
  /** One of the recipe's labels. */
  readonly label: string;
  readonly defective: boolean;
}

/** Where virtual parts come from. The same seed gives the same parts. */
export interface PartSource {
  start(): Promise<void>;
  /** What the part is. */
  part(index: number): VirtualPart;
  /** Asks for its picture, so that it is there when the camera wants it. */
  prepare(index: number): void;
  /** Its picture, once; rejects with a plain sentence when it cannot be had. */
  picture(index: number): Promise<Picture>;
  /** The part has passed: nobody will want its picture any more. */
  discard(index: number): void;
  stop(): Promise<void>;
}

/** An RGB picture, 3 bytes a pixel, without padding. */
export type Picture = Pick<Frame, 'data' | 'widthPx' | 'heightPx'>;

/** Which virtual part carries which part number: the line writes it at the trigger, the camera reads it. */
export class Belt {
  readonly #indexOf = new Map<PartId, number>();

  place(part: PartId, index: number): void {
    this.#indexOf.set(part, index);
  }

  indexOf(part: PartId): number | undefined {
    return this.#indexOf.get(part);
  }

  remove(part: PartId): void {
    this.#indexOf.delete(part);
  }
}
