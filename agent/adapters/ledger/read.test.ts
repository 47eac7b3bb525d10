import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import Database from 'better-sqlite3';
import { eventRow, passRow } from '../../../test/contracts/ledger.ts';
import { assertSentence } from '../../../test/support/sentence.ts';
import { toEntry } from '../../core/ledger/row.ts';
import { exportLedger, jsonLine, readLedger, verifyLedger } from './read.ts';
import { SqliteStore } from './sqlite-store.ts';

const at = { monoMs: 1, wallMs: 2 };
const PARTS = 5000;
let folder: string;
let path: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'linegate-read-'));
  path = join(folder, 'ledger.db');
  const store = new SqliteStore(path);
  store.begin({ ...at, bootId: 'boot' });
  const odd = eventRow('says "so", twice\r\n', { payload: { text: 'a,b' } });
  store.commit(1, [odd, ...Array.from({ length: PARTS }, (_, index) => passRow(index + 1))].map(toEntry));
  store.close(at);
});

after(() => rmSync(folder, { recursive: true }));

async function collected<T>(from: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of from) all.push(one);
  return all;
}

test('reading: all rows come in order, or the last ones', async () => {
  const all = await collected(readLedger(path));
  assert.deepEqual(
    all.map(({ seq }) => seq),
    Array.from({ length: PARTS + 3 }, (_, index) => index + 1),
  );
  assert.deepEqual(await collected(readLedger(path, { last: 3 })), all.slice(-3));
  assert.deepEqual(await collected(readLedger(path, { last: 1e6 })), all);
  assert.deepEqual(await collected(readLedger(path, { last: 0 })), []);
});

test('reading: a reader that stops early lets go of the file', async () => {
  for await (const row of readLedger(path)) {
    if (row.seq === 2) break;
  }
  const store = new SqliteStore(path);
  store.release();
});

test('reading: follows a running station, and ends when told', async () => {
  const live = join(folder, 'live.db');
  const store = new SqliteStore(live);
  store.begin({ ...at, bootId: 'boot' });
  const stop = new AbortController();
  const seen: string[] = [];
  const following = (async () => {
    for await (const { outcome } of readLedger(live, { last: 0, follow: stop.signal })) {
      seen.push(outcome);
      if (outcome === 'two') stop.abort();
    }
  })();
  store.commit(1, [toEntry(eventRow('one'))]);
  store.commit(2, [toEntry(eventRow('two'))]);
  await following;
  assert.deepEqual(seen.slice(-2), ['one', 'two']);
  store.release();
  const aborted = AbortSignal.abort();
  assert.deepEqual((await collected(readLedger(live, { last: 1, follow: aborted }))).length, 1);
  const soon = AbortSignal.timeout(20);
  const ended = collected(readLedger(live, { follow: soon }));
  await once(soon, 'abort');
  assert.equal((await ended).length, 3);
});

test('reading: exports CSV that any reader understands', async () => {
  const lines = await collected(exportLedger(path, 'csv'));
  assert.equal(lines[0], 'seq,session,kind,monoMs,wallMs,part,outcome,score,recipe,payload,hash\r\n');
  assert.equal(lines.length, PARTS + 4);
  assert.match(
    lines[2] ?? '',
    /^2,1,event,1,1700000000000,,"says ""so"", twice\r\n",,,"\{""text"":""a,b""\}",[0-9a-f]{64}\r\n$/,
  );
  assert.match(lines[3] ?? '', /^3,1,part,100.25,1700000000001,1,pass,0.25,ring@1,/);
});

test('reading: exports a JSON object a line, the payload as an object', async () => {
  const lines = await collected(exportLedger(path, 'jsonl'));
  assert.equal(lines.length, PARTS + 3);
  const event = JSON.parse(lines[1] ?? '') as Record<string, unknown>;
  assert.deepEqual([event['seq'], event['outcome'], event['payload']], [2, 'says "so", twice\r\n', { text: 'a,b' }]);
  const [last] = await collected(readLedger(path, { last: 1 }));
  assert.ok(last !== undefined && jsonLine(last) === lines.at(-1));
});

test('verify: finds nothing in a whole ledger, tells how far it is, also beside a running station', async () => {
  const progress: [number, number][] = [];
  const report = await verifyLedger(path, (rows, ofRows) => progress.push([rows, ofRows]));
  assert.deepEqual(report, { ok: true, rows: PARTS + 3, parts: PARTS, folded: 0, gaps: 0, open: 0, findings: [] });
  assert.deepEqual(progress.at(-1), [4000, PARTS + 3]);
  const store = new SqliteStore(join(folder, 'running.db'));
  store.begin({ ...at, bootId: 'boot' });
  store.commit(1, [toEntry(passRow(1)), toEntry(passRow(3))]);
  const running = await verifyLedger(join(folder, 'running.db'));
  assert.deepEqual(running, { ok: true, rows: 3, parts: 2, folded: 0, gaps: 0, open: 1, findings: [] });
  store.release();
});

const tampers: readonly (readonly [what: string, sql: string, finding: RegExp])[] = [
  ['a verdict changed', `UPDATE rows SET outcome = 'reject' WHERE seq = 9`, /Row 9 was changed/],
  ['a score changed', 'UPDATE rows SET score = 0.2500001 WHERE seq = 9', /Row 9 was changed/],
  ['a payload changed', `UPDATE rows SET payload = '{}' WHERE seq = 9`, /Row 9 was changed/],
  ['a hash changed', 'UPDATE rows SET hash = zeroblob(32) WHERE seq = 9', /Row 9 was changed/],
  ['a part renumbered', 'UPDATE rows SET part = 9999 WHERE seq = 9', /Row 9 was changed/],
  ['a row deleted', 'DELETE FROM rows WHERE seq = 9', /Row 9 is missing/],
  ['rows deleted', 'DELETE FROM rows WHERE seq BETWEEN 100 AND 299', /Rows 100 to 299 are missing/],
  ['the beginning deleted', 'DELETE FROM rows WHERE seq < 4', /Rows 1 to 3 are missing/],
  ['the tail cut off', `DELETE FROM rows WHERE seq > ${PARTS}`, /Rows 5001 to 5003 are missing at the end/],
  [
    'the tail cut off and the end forged',
    `DELETE FROM rows WHERE seq > ${PARTS}; UPDATE meta SET seq = ${PARTS}`,
    /is not the row 5000 that the ledger remembers/,
  ],
  ['all rows deleted', 'DELETE FROM rows', /Rows 1 to 5003 are missing at the end/],
  ['the epoch changed', `UPDATE meta SET epoch = 'x'`, /Row 1 was changed/],
  ['a session reopened', 'UPDATE sessions SET closed = 0', /another end of session 1/],
];

for (const [what, sql, finding] of tampers) {
  test(`verify: notices ${what}`, async () => {
    const copy = join(folder, 'tampered.db');
    rmSync(copy, { force: true });
    const original = new Database(path);
    await original.backup(copy);
    original.close();
    const db = new Database(copy);
    db.exec(sql);
    db.close();
    const { ok, findings } = await verifyLedger(copy);
    assert.equal(ok, false);
    assert.match(findings.join(' '), finding);
    findings.forEach(assertSentence);
  });
}

test('verify: a file that is no ledger, or none at all, is one plain sentence', async () => {
  const none = join(folder, 'none.db');
  const refused = async (says: RegExp): Promise<void> => {
    for (const read of [() => verifyLedger(none), () => collected(readLedger(none))]) {
      await assert.rejects(read(), (error: Error & { code?: string }) => {
        assertSentence(error.message);
        assert.match(error.message, says);
        return error.code === 'ledger';
      });
    }
  };
  await refused(/^There is no ledger at/);
  writeFileSync(none, '');
  await refused(/is empty: no station has written to it/);
  writeFileSync(none, 'no database at all '.repeat(400));
  await refused(/it is not a database/);
});
