import type { Entry, Moment } from '../../core/ledger/row.ts';
import type { LedgerOpening } from '../../ports/ledger.ts';
import type { OutboxPage, OutboxState } from '../../ports/outbox.ts';

/** What a session begins with. */
export interface SessionStart extends Moment {
  /** Null where the kernel does not tell. */
  readonly bootId: string | null;
}

/** What may be given up when space is short. */
export interface FoldOptions {
  /** The newest rows, so many of them, stay in any case. */
  readonly keepNewest: number;
  /** Most rows to give up at once. */
  readonly mostRows: number;
}

/** How rows go out of the store, and what becomes of them then. Calls may come during one of LedgerStore. */
export interface OutboxStore {
  state(): Promise<OutboxState>;
  /** As in Outbox. */
  read(afterSeq: number, limit: PageLimit): Promise<OutboxPage>;
  /** As in Outbox; durable with the next commit, be it an empty one. */
  acknowledge(seq: number): Promise<void>;
  hashAt(seq: number): Promise<string | null>;
  branch(why: string, at: Moment): Promise<OutboxState>;
  /**
   * Gives up rows: first acknowledged passes, then the other passes, then acknowledged part and summary rows. Resolves
   * with how many they were; 0 when there is nothing left to give up.
   */
  fold(options: FoldOptions, at: Moment): Promise<number>;
}

/** How much of the outbox to read at once: items, and bytes of their payloads. */
export interface PageLimit {
  readonly rows: number;
  readonly bytes: number;
}

/** The durable part of a ledger. One call at a time. */
export interface LedgerStore extends OutboxStore {
  /** Opens the file and begins a session. Rejects with a LinegateError 'ledger' or 'state-folder'. */
  open(start: SessionStart): Promise<LedgerOpening>;
  /**
   * Makes rows durable, all or none, and resolves with their seqs. `batch`: 1, 2, 3, ... within the session. After a
   * rejection, of which nobody knows whether it came before or after the commit, the caller repeats the very same batch:
   * it is never written twice.
   */
  commit(batch: number, entries: readonly Entry[]): Promise<readonly number[]>;
  /** Ends the session cleanly and closes the file. After a rejection it may be repeated. */
  close(at: Moment): Promise<void>;
  /** Lets go of the file as the death of the process would; resolves once that is done. Never rejects. */
  abandon(): Promise<void>;
}
