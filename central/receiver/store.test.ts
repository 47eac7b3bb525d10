import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import type { WireBatch, WireSpan } from '../../agent/core/sync/protocol.ts';
import { temporaryFolder } from '../../test/support/folders.ts';
import { assertSentence } from '../../test/support/sentence.ts';
import { type Placed, ReceiverStore } from './store.ts';
import { batchesOf, batchOf, emptyLedger, type FakeLedger, hashOf, helloOf, worked } from './testing/station.ts';
import { type StationReport, verifyStore } from './verify.ts';

const deliver = (store: ReceiverStore, ...batches: WireBatch[]): readonly Placed[] =>
  store.commit(
    batches.map((batch) => ({ station: 's', batch })),
    1,
  );

function assertWhole(file: string, ledger: FakeLedger, epoch = ledger.root): StationReport {
  const { ok, stations } = verifyStore(file);
  assert.deepEqual(
    stations.flatMap(({ findings }) => findings),
    [],
  );
  assert.equal(ok, true);
  const found = stations.find((station) => station.epoch === epoch);
  assert.ok(found !== undefined);
  assert.equal(found.maxContig, ledger.rows.length);
  assert.equal(found.head, ledger.head.hash);
  return found;
}

const full = worked(emptyLedger('e1'), 120);

test('receiver store: the same batches in any order, ten times, with deaths between, are there once', (t) => {
  const folder = temporaryFolder(t);
  let run = 0;
  const sizes = fc.integer({ min: 1, max: 40 });
  const property = fc.property(sizes, fc.infiniteStream(fc.nat()), fc.boolean(), (size, noise, greeted) => {
    run += 1;
    const file = path.join(folder, `${run}.db`);
    const batches = batchesOf(full, size);
    const sent = Array.from({ length: 10 }, () => batches)
      .flat()
      .map((batch) => ({ batch, key: Number(noise.next().value) }))
      .sort((a, b) => a.key - b.key);
    let store = new ReceiverStore(file);
    if (greeted) store.greet('s', helloOf(full, 'e1', null), 1);
    for (const { batch, key } of sent) {
      assert.equal(deliver(store, batch)[0]?.kind, 'committed');
      // Dies after the commit, before anybody is told.
      if (key % 17 === 0) {
        store.close();
        store = new ReceiverStore(file);
      }
    }
    assert.deepEqual(store.standing('s', 'e1'), { maxContig: full.rows.length, head: full.head.hash });
    store.close();
    const { rows, parts } = assertWhole(file, full);
    assert.deepEqual({ rows, parts }, { rows: full.rows.length, parts: 120 });
  });
  fc.assert(property, { numRuns: 12 });
});

test('receiver store: a batch that fails takes its whole transaction with it, and memory too', (t) => {
  const file = path.join(temporaryFolder(t), 'a.db');
  const store = new ReceiverStore(file);
  const [first, second] = batchesOf(full, 50);
  assert.ok(first !== undefined && second !== undefined);
  const poison = { ...second, rows: second.rows.map((row) => ({ ...row, outcome: null as unknown as string })) };
  assert.throws(() => deliver(store, first, poison), { code: 'ledger' });
  assert.deepEqual(store.standing('s', 'e1'), { maxContig: 0, head: null });
  deliver(store, ...batchesOf(full, 50));
  store.close();
  assertWhole(file, full);
});

test('receiver store: a restored card goes on as a branch, and what both have is stored once', (t) => {
  const file = path.join(temporaryFolder(t), 'a.db');
  const store = new ReceiverStore(file);
  const base = worked(emptyLedger('e1'), 60);
  const old = worked(base, 40);
  store.greet('s', helloOf(old, 'e1', null), 1);
  deliver(store, ...batchesOf(old, 30));
  const card = worked(base, 55, 'after the restore');
  // Acknowledged were 40 rows; 41 to 62 go out under both names.
  store.greet('s', helloOf(card, 'e2', { epoch: 'e1', seq: 40 }), 1);
  assert.deepEqual(store.standing('s', 'e2'), { maxContig: 40, head: hashOf(old, 40) });
  deliver(store, ...batchesOf(card, 7, 'e2', 40));
  store.close();
  const branch = assertWhole(file, card, 'e2');
  assert.equal(branch.rows, card.rows.length);
  const db = new Database(file, { readonly: true });
  const stored = Number(db.prepare('SELECT count(*) FROM items').pluck().get());
  db.close();
  assert.equal(stored, old.rows.length + card.rows.length - base.rows.length);
});

test('receiver store: a card put back twice makes two branches, and the rows of both are stored once', (t) => {
  const file = path.join(temporaryFolder(t), 'a.db');
  const store = new ReceiverStore(file);
  const base = worked(emptyLedger('e1'), 40);
  const old = worked(base, 40);
  store.greet('s', helloOf(old, 'e1', null), 1);
  deliver(store, ...batchesOf(old, 30));
  // 30 parts in the dark, and the card is copied before the receiver hears of them.
  const image = worked(base, 30, 'in the dark');
  const after = base.rows.length;
  const parent = { epoch: 'e1', seq: after };
  const second = worked(image, 20, 'after the first restore');
  store.greet('s', helloOf(second, 'e2', parent), 1);
  deliver(store, ...batchesOf(second, 7, 'e2', after));
  const third = worked(image, 25, 'after the second restore');
  store.greet('s', helloOf(third, 'e3', parent), 1);
  for (const batch of [...batchesOf(third, 9, 'e3', after), ...batchesOf(third, 10, 'e3', after)]) {
    assert.equal(deliver(store, batch)[0]?.kind, 'committed');
  }
  // A row of its own under a number that it shares with its sibling is a conflict, as ever.
  const odd = batchOf(worked(base, 30, 'odd'), after + 2, after + 9, 'e3');
  assert.equal(deliver(store, odd)[0]?.kind, 'conflict');
  store.close();
  const { stations } = verifyStore(file);
  for (const { epoch, findings } of stations) assert.equal(findings.length, epoch === 'e3' ? 1 : 0, findings.join(' '));
  assert.deepEqual(
    stations.map(({ maxContig, head }) => [maxContig, head]),
    [old, second, third].map(({ rows, head }) => [rows.length, head.hash]),
  );
  const db = new Database(file, { readonly: true });
  const stored = Number(db.prepare('SELECT count(*) FROM items').pluck().get());
  db.close();
  assert.equal(stored, old.rows.length + second.rows.length - after + third.rows.length - image.rows.length);
});

test('receiver store: a branch whose parent is not here is asked for all of it', (t) => {
  const file = path.join(temporaryFolder(t), 'a.db');
  const store = new ReceiverStore(file);
  store.greet('s', helloOf(full, 'e2', { epoch: 'e1', seq: 40 }), 1);
  assert.deepEqual(store.standing('s', 'e2'), { maxContig: 0, head: null });
  deliver(store, ...batchesOf(full, 30, 'e2'));
  store.close();
  assertWhole(file, full, 'e2');
});

test('receiver store: another row under the same number is kept apart, whatever its place', (t) => {
  const base = worked(emptyLedger('e1'), 60);
  const other = worked(base, 60, 'another');
  const rows = base.rows.length;
  const cases: [WireBatch[], WireBatch][] = [
    [batchesOf(full, 50), batchOf(other, rows + 1, rows + 10)],
    [batchesOf(full, 50), batchOf(other, rows - 5, rows + 5)],
    [[batchOf(full, rows + 1, rows + 10)], batchOf(other, rows + 11, rows + 20)],
    [[batchOf(full, rows + 11, rows + 20)], batchOf(other, rows + 1, rows + 10)],
    [[], batchOf(worked(emptyLedger('e9'), 9), 1, 9, 'e1')],
  ];
  const folder = temporaryFolder(t);
  for (const [index, [before, odd]] of cases.entries()) {
    const file = path.join(folder, `${index}.db`);
    const store = new ReceiverStore(file);
    store.greet('s', helloOf(full, 'e1', null), 1);
    deliver(store, ...before);
    for (let again = 0; again < 3; again += 1) {
      const [placed] = deliver(store, odd);
      assert.ok(placed?.kind === 'conflict', `case ${index} was taken`);
      assertSentence(placed.detail);
    }
    assert.equal(deliver(store, ...batchesOf(full, 50)).filter(({ kind }) => kind === 'committed').length, 3);
    assert.equal(store.standing('s', 'e1').head, full.head.hash);
    store.close();
    const { ok, stations } = verifyStore(file);
    assert.equal(ok, false);
    assert.deepEqual(stations[0]?.findings, ['In quarantine 1 batch is kept, because its rows do not fit.']);
  }
});

test('receiver store: spans cover their rows, and over rows that are there count only the others', (t) => {
  const file = path.join(temporaryFolder(t), 'a.db');
  const store = new ReceiverStore(file);
  store.greet('s', helloOf(full, 'e1', null), 1);
  const skip: WireSpan = { kind: 'skip', seq: 1, to: 9, counts: { pass: 9 }, hash: hashOf(full, 9) };
  deliver(store, batchOf(full, 1, 9, 'e1', [skip]), batchOf(full, 10, 12), batchOf(full, 15, 16));
  const fold: WireSpan = { kind: 'folded', seq: 11, to: 20, counts: { pass: 9, reject: 1 }, hash: hashOf(full, 20) };
  const taken = deliver(store, batchOf(full, 11, 20, 'e1', [fold]), ...batchesOf(full, 30, 'e1', 20));
  assert.ok(taken.every(({ kind }) => kind === 'committed'));
  // Rows that come after all under a span that is there already change nothing.
  assert.equal(deliver(store, batchOf(full, 3, 12))[0]?.kind, 'committed');
  store.close();
  const { rows, spans } = assertWhole(file, full);
  assert.deepEqual({ rows, spans }, { rows: full.rows.length - 15, spans: 3 });
});

test('receiver audit: a row that was changed, taken out, or put in twice is found', (t) => {
  const folder = temporaryFolder(t);
  const wrongs: [string, RegExp][] = [
    [`UPDATE items SET outcome = 'pass' WHERE seq = 10`, /^Row 10 was changed/],
    ['DELETE FROM items WHERE seq = 30', /^Rows 30 to 30 are missing/],
    [`DELETE FROM items WHERE seq > ${full.rows.length - 5}`, /^Rows up to \d+ were acknowledged, and the last/],
    ['UPDATE items SET part = 3 WHERE part = 4', /^Part 3 is recorded again in row 4/],
    [`UPDATE items SET payload = '{}' WHERE kind = 'summary'`, /was changed/],
    [
      `INSERT INTO epochs VALUES (9, 's', 'e9', 1, 'e1', 0); INSERT INTO items SELECT 9, seq, last, session, kind, mono_ms,
       wall_ms, part, outcome, score, recipe, payload, hash FROM items WHERE seq IN (2, 3)`,
      /^From row 2 on, 2 rows are stored with an older epoch, too/,
    ],
  ];
  for (const [index, [sql, says]] of wrongs.entries()) {
    const file = path.join(folder, `${index}.db`);
    const store = new ReceiverStore(file);
    store.greet('s', helloOf(full, 'e1', null), 1);
    deliver(store, ...batchesOf(full, 50));
    store.close();
    const db = new Database(file);
    db.exec(sql);
    db.close();
    const { ok, stations } = verifyStore(file);
    assert.equal(ok, false, sql);
    const findings = stations.flatMap((station) => station.findings);
    for (const finding of findings) assertSentence(finding);
    assert.ok(
      findings.some((finding) => says.test(finding)),
      findings.join(' '),
    );
  }
});

test('receiver store: whatever is wrong with its file is one plain sentence', (t) => {
  const folder = temporaryFolder(t);
  const refused = (file: string, says: RegExp): void =>
    assert.throws(
      () => new ReceiverStore(file),
      (error: Error) => {
        assertSentence(error.message);
        return says.test(error.message);
      },
    );
  refused(path.join(folder, 'nowhere', 'a.db'), /must exist/);
  writeFileSync(path.join(folder, 'text.db'), 'no database '.repeat(500));
  refused(path.join(folder, 'text.db'), /not a database/);
  new Database(path.join(folder, 'other.db')).exec('CREATE TABLE others (a)').close();
  refused(path.join(folder, 'other.db'), /another program/);
  const file = path.join(folder, 'a.db');
  const store = new ReceiverStore(file);
  refused(file, /another receiver runs with it/);
  store.close();
  const newer = new Database(file);
  newer.pragma('user_version = 99');
  newer.close();
  refused(file, /newer Linegate \(schema 99, known here: 2\)/);
  assert.throws(() => verifyStore(path.join(folder, 'none.db')), /There is no database/);
  assert.ok(!readdirSync(folder).includes('none.db'));
});
