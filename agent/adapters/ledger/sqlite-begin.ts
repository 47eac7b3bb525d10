import { randomUUID } from 'node:crypto';
import type { LedgerOpening } from '../../ports/ledger.ts';
import { lockLedger, openLocked } from './sqlite-file.ts';
import { type SpaceOptions, SqliteStore } from './sqlite-store.ts';
import type { SessionStart } from './store.ts';

/** A session that has begun: its ledger is open, and locked until `unlock` is called. */
export interface BegunSession {
  readonly unlock: () => void;
  readonly store: SqliteStore;
  readonly opening: LedgerOpening;
}

/** Opens a ledger, or makes it, and begins a session. Throws as `openForWriting`. */
export function beginSession(path: string, space: SpaceOptions, start: SessionStart): BegunSession {
  const unlock = lockLedger(path);
  let store: SqliteStore | undefined;
  try {
    store = new SqliteStore(path, space, openLocked(path, randomUUID()));
    return { unlock, store, opening: store.begin(start) };
  } catch (error) {
    store?.release();
    unlock();
    throw error;
  }
}
