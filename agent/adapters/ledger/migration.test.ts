import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import { eventRow, passRow } from '../../../test/contracts/ledger.ts';
import { toEntry } from '../../core/ledger/row.ts';
import { readLedger, verifyLedger } from './read.ts';
import { SqliteStore } from './sqlite-store.ts';

const at = { monoMs: 1, wallMs: 2 };

test('ledger of schema 1: is audited as it is, opens, and its totals count what it has', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'linegate-migration-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'ledger.db');
  const old = new SqliteStore(path);
  const { epoch } = old.begin({ ...at, bootId: 'boot' });
  old.commit(1, [passRow(1), passRow(2), passRow(3, { outcome: 'reject', payload: { label: 'crack' } })].map(toEntry));
  old.close(at);
  const db = new Database(path);
  db.exec(`DROP TABLE branches; DROP TABLE folds; DROP INDEX rows_folded;
    ALTER TABLE meta DROP COLUMN acked; ALTER TABLE meta DROP COLUMN totals`);
  db.pragma('user_version = 1');
  db.close();
  assert.deepEqual((await verifyLedger(path)).findings, []);
  const store = new SqliteStore(path);
  assert.equal(store.begin({ ...at, bootId: 'boot' }).epoch, epoch);
  const { parent, ackedSeq } = store.state();
  assert.deepEqual({ parent, ackedSeq }, { parent: null, ackedSeq: 0 });
  store.commit(1, [toEntry(passRow(4)), toEntry(eventRow('minute', { kind: 'summary' }))]);
  store.close(at);
  assert.deepEqual((await verifyLedger(path)).findings, []);
  for await (const { kind, payload } of readLedger(path)) {
    if (kind !== 'summary') continue;
    const outcomes = { pass: 3, reject: 1 };
    const classes = { normal: 3, crack: 1 };
    assert.deepEqual(JSON.parse(payload), { totals: { outcomes, classes, gaps: {} } });
  }
});
