import type { PartId } from '../../core/part-record.ts';
import type { OpenPart } from '../../ports/journal.ts';

/** Parts that are open, and the highest number so far. */
export class JournalParts {
  readonly #open = new Map<PartId, number>();
  #last: PartId = 0;

  get last(): PartId {
    return this.#last;
  }

  /** In the order of their triggers. */
  get open(): readonly OpenPart[] {
    return Array.from(this.#open, ([part, atNs]) => ({ part, atNs }));
  }

  triggered(part: PartId, atNs: number): void {
    this.#open.set(part, atNs);
    this.#last = Math.max(this.#last, part);
  }

  acknowledged(part: PartId): void {
    this.#open.delete(part);
  }

  /** Numbers up to `part` were in use. */
  reached(part: PartId): void {
    this.#last = Math.max(this.#last, part);
  }
}
