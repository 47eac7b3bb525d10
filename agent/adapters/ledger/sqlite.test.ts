import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LedgerUnderTest, ledgerContract } from '../../../test/contracts/ledger.ts';
import { outboxContract } from '../../../test/contracts/outbox.ts';
import type { LedgerRow } from '../../core/ledger/row.ts';
import { SystemClock } from '../clock/system.ts';
import { GroupCommitLedger } from './group-commit.ts';
import { readLedger, verifyLedger } from './read.ts';
import { ThreadStore } from './thread-store.ts';

async function onDisk(): Promise<LedgerUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'linegate-ledger-'));
  const path = join(folder, 'ledger.db');
  const clock = new SystemClock();
  let store = new ThreadStore(path);
  return {
    start: ({ bootId = 'boot', ...setup }) => {
      store = new ThreadStore(path);
      return new GroupCommitLedger(store, { clock, bootId, ...setup });
    },
    kill: () => store.abandon(),
    settle: (promise) => promise,
    rows: async () => {
      const rows: LedgerRow[] = [];
      for await (const row of readLedger(path)) rows.push(row);
      return rows;
    },
    verify: () => verifyLedger(path),
    dispose: async () => {
      await store.abandon();
      rmSync(folder, { recursive: true });
    },
  };
}

ledgerContract('SQLite in its thread', onDisk);
outboxContract('SQLite in its thread', onDisk);
