import { GroupCommitLedger, type GroupCommitOptions } from './group-commit.ts';
import type { SpaceOptions } from './sqlite-store.ts';
import { ThreadStore } from './thread-store.ts';

/** The ledger of a station: an SQLite file in WAL mode, written with synchronous=FULL by a thread of its own. */
export class SqliteLedger extends GroupCommitLedger {
  /** `path`: the database file; its folder must exist. */
  constructor(path: string, options: GroupCommitOptions, space: SpaceOptions = {}) {
    super(new ThreadStore(path, space), options);
  }
}
