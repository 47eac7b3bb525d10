import type { Entry, Moment } from '../../core/ledger/row.ts';
import type { LedgerOpening } from '../../ports/ledger.ts';

/** What a session begins with. */
export interface SessionStart extends Moment {
  /** Null where the kernel does not tell. */
  readonly bootId: string | null;
}

/** The durable part of a ledger. One call at a time. */
export interface LedgerStore {
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
