import { GroupCommitLedger, type GroupCommitOptions } from './group-commit.ts';
import { ThreadStore } from './thread-store.ts';

/** The ledger of a station: an SQLite file in WAL mode, written with synchronous=FULL by a thread of its own. */
export class SqliteLedger extends GroupCommitLedger {
  /** `path`: the database file; its folder must exist. */
  constructor(path: string, options: GroupCommitOptions) {
    super(new ThreadStore(path), options);
  }
}
