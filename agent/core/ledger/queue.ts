import { type Ranges, withRange } from './ranges.ts';
import type { Entry } from './row.ts';
import { canonicalJson } from './row.ts';

/** A row that waits to become durable, with whatever its owner needs back. */
export interface Waiting<Ticket> {
  readonly entry: Entry;
  readonly urgent: boolean;
  /** Null for the queue's own gap rows. */
  readonly ticket: Ticket | null;
}

/** Rows that found the queue full: what is left of them. */
interface Fold {
  readonly ranges: Ranges;
  /** How many rows, by kind and outcome. */
  readonly counts: ReadonlyMap<string, number>;
  readonly last: Entry;
}

/**
 * Rows on their way to the disk, at most `capacity`. When it is full, rows are folded into a gap that names their parts
 * and counts their outcomes; it enters the queue as one row as soon as there is room.
 */
export class RowQueue<Ticket> {
  readonly #capacity: number;
  readonly #waiting: Waiting<Ticket>[] = [];
  #urgent = 0;
  #fold: Fold | null = null;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get length(): number {
    return this.#waiting.length;
  }

  /** Whether a row waits that must not wait. */
  get hasUrgent(): boolean {
    return this.#urgent > 0;
  }

  /** False when the row was folded. */
  push(entry: Entry, urgent: boolean, ticket: Ticket): boolean {
    if (this.#waiting.length >= this.#capacity) {
      this.#fold = folded(this.#fold, entry);
      return false;
    }
    this.#add({ entry, urgent, ticket });
    return true;
  }

  /** The oldest `count` rows, or as many as there are. They stay in the queue. */
  oldest(count: number): readonly Waiting<Ticket>[] {
    return this.#waiting.slice(0, count);
  }

  /** Takes the oldest `count` rows out; what was folded meanwhile moves up. */
  remove(count: number): void {
    for (const { urgent } of this.#waiting.splice(0, count)) this.#urgent -= urgent ? 1 : 0;
    if (this.#fold === null || this.#waiting.length >= this.#capacity) return;
    this.#add({ entry: gapOf(this.#fold), urgent: true, ticket: null });
    this.#fold = null;
  }

  #add(waiting: Waiting<Ticket>): void {
    this.#waiting.push(waiting);
    this.#urgent += waiting.urgent ? 1 : 0;
  }
}

function folded(fold: Fold | null, entry: Entry): Fold {
  const { part, kind, outcome } = entry;
  const name = kind === 'part' ? outcome : `${kind} ${outcome}`;
  const counts = new Map(fold?.counts);
  counts.set(name, (counts.get(name) ?? 0) + 1);
  const ranges = fold?.ranges ?? [];
  return { ranges: part === null ? ranges : withRange(ranges, [part, part]), counts, last: entry };
}

function gapOf({ ranges, counts, last }: Fold): Entry {
  const payload = canonicalJson({ ranges, counts: Object.fromEntries(counts) });
  return { ...last, kind: 'gap', outcome: 'ledger-overflow', part: null, score: null, recipe: null, payload };
}
