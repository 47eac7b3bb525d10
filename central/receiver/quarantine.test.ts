import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import { temporaryFolder } from '../../test/support/folders.ts';
import { assertSentence } from '../../test/support/sentence.ts';
import { dropQuarantined, listQuarantine } from './quarantine.ts';
import { ReceiverStore } from './store.ts';
import { batchesOf, batchOf, emptyLedger, helloOf, worked } from './testing/station.ts';
import { verifyStore } from './verify.ts';

const base = worked(emptyLedger('e1'), 20);
const right = worked(base, 20);
const wrong = worked(base, 20, 'another');

function filled(file: string): ReceiverStore {
  const store = new ReceiverStore(file);
  store.greet('s', helloOf(right, 'e1', null), 1);
  for (const batch of [...batchesOf(right, 10), batchOf(wrong, 25, 30), batchOf(wrong, 31, 35)]) {
    store.commit([{ station: 's', batch }], 5);
  }
  return store;
}

test('quarantine: what a person dropped for a reason is no finding any more, and stays dropped', (t) => {
  const file = path.join(temporaryFolder(t), 'a.db');
  // The receiver runs all the while.
  const store = filled(file);
  t.after(() => store.close());
  const [first, second] = listQuarantine(file);
  assert.ok(first !== undefined && second !== undefined);
  assertSentence(first.detail);
  assert.deepEqual([first.station, first.epoch, first.first, first.last, first.dropped], ['s', 'e1', 25, 30, null]);
  assert.deepEqual(verifyStore(file).stations[0]?.findings, [
    'In quarantine 2 batches are kept, because their rows do not fit.',
  ]);
  dropQuarantined(file, first.id, 'two cards\nran at once', 7);
  assert.match(verifyStore(file).stations[0]?.findings.join(' ') ?? '', /1 batch is kept/);
  dropQuarantined(file, second.id, 'the same', 8);
  const { ok, stations } = verifyStore(file);
  assert.deepEqual([ok, stations[0]?.dropped, stations[0]?.rows], [true, 2, right.rows.length]);
  assert.deepEqual(listQuarantine(file)[0]?.dropped, { wallMs: 7, reason: 'two cards ran at once' });
  // It comes again, perhaps ten times: no new case for a person.
  assert.equal(store.commit([{ station: 's', batch: batchOf(wrong, 25, 30) }], 9)[0]?.kind, 'conflict');
  assert.equal(verifyStore(file).ok, true);
  assert.equal(listQuarantine(file).length, 2);
});

test('quarantine: a number that is none and a reason that says nothing are one plain sentence', (t) => {
  const file = path.join(temporaryFolder(t), 'a.db');
  filled(file).close();
  for (const [id, reason, says] of [
    [99, 'why', /There is no batch 99 in quarantine/],
    [0.5, 'why', /There is no batch 0\.5/],
    [1, ' \n ', /Say why/],
    [1, 'x'.repeat(1001), /Say why/],
  ] as const) {
    assert.throws(
      () => dropQuarantined(file, id, reason, 1),
      (error: Error) => {
        assertSentence(error.message);
        return says.test(error.message);
      },
    );
  }
  dropQuarantined(file, 1, 'once', 1);
  assert.throws(() => dropQuarantined(file, 1, 'again', 2), /There is no batch 1/);
});

test('quarantine: what an older Linegate kept is still there after the first start of this one', (t) => {
  const file = path.join(temporaryFolder(t), 'a.db');
  const older = new Database(file);
  older.exec(`CREATE TABLE stations (
    station TEXT PRIMARY KEY, hello TEXT, hello_wall_ms REAL, state TEXT, state_wall_ms REAL, batch_wall_ms REAL) STRICT;
  CREATE TABLE epochs (
    id INTEGER PRIMARY KEY, station TEXT NOT NULL, epoch TEXT NOT NULL, told INTEGER NOT NULL, parent TEXT,
    branch_seq INTEGER NOT NULL, UNIQUE (station, epoch)) STRICT;
  CREATE TABLE stretches (
    epoch_id INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, prev BLOB NOT NULL, head BLOB NOT NULL,
    PRIMARY KEY (epoch_id, first)) STRICT, WITHOUT ROWID;
  CREATE TABLE items (
    epoch_id INTEGER NOT NULL, seq INTEGER NOT NULL, last INTEGER NOT NULL, session INTEGER, kind TEXT NOT NULL,
    mono_ms REAL, wall_ms REAL, part INTEGER, outcome TEXT NOT NULL, score REAL, recipe TEXT, payload TEXT NOT NULL,
    hash BLOB NOT NULL, PRIMARY KEY (epoch_id, seq)) STRICT, WITHOUT ROWID;
  CREATE TABLE quarantine (
    station TEXT NOT NULL, epoch TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, sha256 TEXT NOT NULL,
    wall_ms REAL NOT NULL, detail TEXT NOT NULL, batch TEXT NOT NULL, PRIMARY KEY (station, epoch, sha256)) STRICT;
  CREATE TABLE alarms (
    station TEXT NOT NULL, id TEXT NOT NULL, sentence TEXT NOT NULL, since_wall_ms REAL NOT NULL,
    last_wall_ms REAL NOT NULL, times INTEGER NOT NULL, PRIMARY KEY (station, id)) STRICT;
  INSERT INTO quarantine VALUES ('s', 'e1', 3, 4, 'sum', 5, 'It does not fit.', '{}');
  PRAGMA application_id = ${0x4c475253}; PRAGMA user_version = 1;`);
  older.close();
  assert.throws(() => verifyStore(file), /older Linegate \(schema 1\): start a receiver with it once\.$/);
  filled(file).close();
  const kept = listQuarantine(file);
  assert.deepEqual([kept.length, kept[0]?.first, kept[0]?.detail], [3, 3, 'It does not fit.']);
});
