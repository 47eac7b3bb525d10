import type { PartId } from '../core/part-record.ts';

/** What a row is about; later kinds (confirmation, summary, audit, skip) join here. */
export type RowKind = 'part' | 'event' | 'gap';

/** A row before the ledger has numbered and chained it. */
export interface NewRow {
  readonly kind: RowKind;
  /** Monotonic time of what it tells, ms. */
  readonly monoMs: number;
  readonly wallMs: number;
  /** For part rows the part; null for all others. */
  readonly part: PartId | null;
  /** For part rows `pass`, `reject`, `review` or `no-verdict`; for events their name; for gaps the reason. */
  readonly outcome: string;
  /** For part rows the score that decided, 0 to 1. */
  readonly score: number | null;
  /** Name and version of the recipe, as `name@version`. */
  readonly recipe: string | null;
  /** Rejects and events are flushed at once, the others within the ledger's flush interval. */
  readonly urgent: boolean;
  /** The rest, as plain JSON. */
  readonly payload: Readonly<Record<string, unknown>>;
}

/** What was found when the ledger was opened. */
export interface LedgerOpening {
  /** Names this database; a restored or new file gets another one. */
  readonly epoch: string;
  /** The first part number that nobody can have used. */
  readonly firstPart: PartId;
  /** How the session before ended; `first` when there was none. */
  readonly previous: 'first' | 'clean' | 'process-died' | 'power-cut';
}

/** Durable, append-only rows. A part has one part row: appending it again keeps the first. */
export interface Ledger {
  /**
   * Opens the store and writes down how the session before ended: after a power cut a `gap` row names the part numbers
   * that may be missing. Rejects with a LinegateError 'ledger'.
   */
  open(): Promise<LedgerOpening>;
  /**
   * Resolves with the row's seq once it is durable. While the disk fails it retries and the promise waits; when the
   * bounded queue is full it resolves with null and the row is folded into a `gap` row that names its part.
   */
  append(row: NewRow): Promise<number | null>;
  /** Waits until all rows are durable (at most `timeoutMs`), marks the session as cleanly ended and closes. */
  close(timeoutMs: number): Promise<void>;
}
