import type { PartId } from '../../../core/part-record.ts';

/** A set of part numbers that come nearly in order, kept as ranges: it does not grow with the number of parts. */
export class PartRanges {
  /** Apart from each other, ascending; both ends are in the set. */
  readonly #ranges: { from: PartId; to: PartId }[] = [];

  /** The highest number in the set; 0 when it is empty. */
  get highest(): PartId {
    return this.#ranges.at(-1)?.to ?? 0;
  }

  get rangeCount(): number {
    return this.#ranges.length;
  }

  has(part: PartId): boolean {
    const range = this.#ranges[this.#firstEndingAt(part)];
    return range !== undefined && range.from <= part;
  }

  add(part: PartId): void {
    // The range that ends just before the part, holds it, or is the next one.
    const index = this.#firstEndingAt(part - 1);
    const range = this.#ranges[index];
    if (range === undefined || part < range.from - 1) {
      this.#ranges.splice(index, 0, { from: part, to: part });
      return;
    }
    range.from = Math.min(range.from, part);
    range.to = Math.max(range.to, part);
    const next = this.#ranges[index + 1];
    if (next === undefined || range.to < next.from - 1) return;
    range.to = next.to;
    this.#ranges.splice(index + 1, 1);
  }

  /** Index of the first range that ends at `part` or later; most parts are at the end, so it is sought from there. */
  #firstEndingAt(part: PartId): number {
    let index = this.#ranges.length;
    while (index > 0 && (this.#ranges[index - 1]?.to ?? 0) >= part) index -= 1;
    return index;
  }
}
