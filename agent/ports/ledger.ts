import type { NewRow, RowKind } from '../core/ledger/row.ts';
import type { PartId } from '../core/part-record.ts';

export type { NewRow, RowKind };

/** What was found when the ledger was opened. */
export interface LedgerOpening {
  /** Names this database; a restored or new file gets another one. */
  readonly epoch: string;
  /** The first part number that nobody can have used. */
  readonly firstPart: PartId;
  /** Seq of the newest row: what is appended and gets no higher one was there before. */
  readonly lastSeq: number;
  /** How the session before ended; `first` when there was none. */
  readonly previous: 'first' | 'clean' | 'process-died' | 'power-cut';
}

/** Durable, append-only rows. A part has one part row: appending it again keeps the first. */
export interface Ledger {
  /**
   * Opens the store and writes down how the session before ended: after a power cut a `gap` row names the part numbers
   * that may be missing. Rejects with a LinegateError 'ledger' or 'state-folder'.
   */
  open(): Promise<LedgerOpening>;
  /**
   * Resolves with the row's seq once it is durable; for a part that is explained already, with the seq of the row that
   * does. While the disk fails it retries and the promise waits; when the bounded queue is full it resolves with null
   * and the row is folded into a `gap` row that names its part. It resolves with null, too, when the ledger had to be
   * closed before the row was durable. Rejects with a LinegateError 'illegal-input' for a row that cannot be stored and
   * when the ledger is not open.
   */
  append(row: NewRow): Promise<number | null>;
  /**
   * Waits until all rows are durable (at most `timeoutMs`), marks the session as cleanly ended and closes. Rejects with a
   * LinegateError 'ledger' when the time was too short; the ledger is closed all the same. Calling it again is harmless.
   */
  close(timeoutMs: number): Promise<void>;
}
