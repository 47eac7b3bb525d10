import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import Database from 'better-sqlite3';
import { SqliteStore } from '../adapters/ledger/sqlite-store.ts';
import { loadRecipe } from '../config/recipe.ts';
import { type NewRow, toEntry } from '../core/ledger/row.ts';
import { recipePlaces } from '../recipes/find.ts';
import { recall } from './recall.ts';
import { Records } from './records.ts';
import type { GapStory, PartStory, Story } from './story.ts';

/** A session's start, 1 s before the first part, and the times of part `n`. */
const start = { bootId: 'boot-a', monoMs: 9_000, wallMs: 1_700_000_000_000 };

function part(n: number, payload: Record<string, unknown>, outcome = 'reject'): NewRow {
  const times = { monoMs: 10_000 + n * 100, wallMs: start.wallMs + 1000 + n * 100 };
  return { kind: 'part', ...times, part: n, outcome, score: 0.9, recipe: 'machined-ring@1', urgent: false, payload };
}

function event(outcome: string, monoMs: number): NewRow {
  const wallMs = start.wallMs + monoMs - 9_000;
  return { kind: 'event', monoMs, wallMs, part: null, outcome, score: null, recipe: null, urgent: true, payload: {} };
}

const older = {
  action: 'eject',
  cause: 'verdict',
  tooClose: false,
  confirmation: 'confirmed',
  label: 'crack',
  scores: [0.02, 0.01, 0.01, 0.9, 0.01, 0.02, 0.01, 0.02],
  atMs: 12.5,
  frame: { sensorNs: 10_099e6, clock: 'monotonic', sequence: 4 },
  picture: 'reject/1.png',
  closedMs: 470,
};
const newer = {
  ...older,
  frame: { ageMs: -3.25, clock: 'monotonic', sequence: 5 },
  deadlineMs: 380,
  pulse: { onMs: 389, offMs: null },
  picture: null,
};

interface Setting {
  readonly file: string;
  readonly folder: string;
  readonly store: SqliteStore;
}

function setting(t: TestContext): Setting {
  const folder = mkdtempSync(path.join(tmpdir(), 'linegate-recorder-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'ledger.sqlite');
  const store = new SqliteStore(file);
  store.begin(start);
  return { file, folder, store };
}

function tell({ file, folder }: Setting, id: number): Story {
  const records = Records.open(file);
  try {
    const pictures = path.join(folder, 'pictures');
    return recall(records, id, { pictures, recipes: recipePlaces(folder, folder) });
  } finally {
    records.close();
  }
}

function tellPart(place: Setting, id: number): PartStory {
  const story = tell(place, id);
  assert.equal(story.kind, 'part');
  return story as PartStory;
}

/** As the recipe that came along has it. */
const crackBorder = loadRecipe(path.join(import.meta.dirname, '../../models/int8/machined-ring')).manifest.decision
  .thresholds['crack']?.review;

test('recall: an older record says what it has, and names what it has not', (t) => {
  const place = setting(t);
  place.store.commit(1, [part(1, older)].map(toEntry));
  place.store.release();
  mkdirSync(path.join(place.folder, 'pictures', 'reject'), { recursive: true });
  writeFileSync(path.join(place.folder, 'pictures', 'reject', '1.png'), 'x');
  const story = tellPart(place, 1);
  assert.deepEqual(story.unknown, ['deadlineMs', 'pulse']);
  assert.deepEqual([story.deadlineMs, story.leftMs, story.gate.pulse], [null, null, null]);
  assert.deepEqual(story.frame, { ageMs: 1, clock: 'monotonic', sequence: 4 });
  assert.equal(story.picture?.sizeBytes, 1);
  assert.equal(story.trigger.utc, '2023-11-14T22:13:21.100Z');
  assert.deepEqual(story.session.bootId, 'boot-a');
  assert.deepEqual(story.stored.chain, true);
  const crack = story.scores[3];
  assert.deepEqual([crack?.label, crack?.score, crack?.review], ['crack', 0.9, crackBorder]);
  assert.equal(story.recipe.note, null);
});

test('recall: a newer record has deadline, time left and pulse', (t) => {
  const place = setting(t);
  place.store.commit(1, [part(1, newer)].map(toEntry));
  place.store.release();
  const story = tellPart(place, 1);
  assert.deepEqual(story.unknown, []);
  assert.deepEqual([story.deadlineMs, story.leftMs], [380, 367.5]);
  assert.deepEqual(story.gate.pulse, { onMs: 389, offMs: null });
  assert.equal(story.frame?.ageMs, -3.25);
  assert.equal(story.picture, null);
});

test('recall: a picture name that leads out of the folder is not followed', (t) => {
  const place = setting(t);
  place.store.commit(1, [part(1, { ...older, picture: '../../etc/passwd.png' })].map(toEntry));
  place.store.release();
  const story = tellPart(place, 1);
  assert.equal(story.picture, null);
  assert.ok(story.unknown.includes('picture'));
});

test('recall: scores that the recipe found here would judge otherwise are told', (t) => {
  const place = setting(t);
  const unnamed = { ...part(2, older), recipe: 'machined-ring@99' };
  place.store.commit(1, [toEntry(part(1, older, 'pass')), toEntry(unnamed)]);
  place.store.release();
  assert.match(tellPart(place, 1).recipe.note ?? '', /give reject for these scores/);
  const { recipe, scores } = tellPart(place, 2);
  assert.match(recipe.note ?? '', /machined-ring@99 cannot be opened/);
  assert.deepEqual(scores[3], { label: null, kind: null, score: 0.9, review: null, reject: null });
});

test('recall: neighbours, what happened around it and what before', (t) => {
  const place = setting(t);
  const rows = [
    event('line-fault', 9_500),
    part(1, older),
    event('stop-line', 17_000),
    { ...part(2, { ...older, tooClose: true }), monoMs: 20_000 },
    event('unseen-part', 24_999),
    event('alarm-raised', 25_001),
    { ...part(3, older), monoMs: 20_030 },
  ];
  place.store.commit(1, rows.map(toEntry));
  place.store.release();
  const { around, before, neighbours, tooClose } = tellPart(place, 2);
  assert.deepEqual(
    around.map(({ name, atMs }) => [name, atMs]),
    [
      ['stop-line', -3000],
      ['unseen-part', 4999],
    ],
  );
  assert.deepEqual(
    before.map(({ name }) => name),
    ['started', 'line-fault'],
  );
  assert.equal(tooClose, true);
  assert.deepEqual(
    neighbours.map((one) => [one.part, one.afterMs]),
    [
      [1, -9900],
      [3, 30],
    ],
  );
});

test('recall: after a power cut the gap row stands for the parts that are missing', (t) => {
  const place = setting(t);
  place.store.commit(1, [part(1, older), part(3, older)].map(toEntry));
  place.store.release();
  const again = new SqliteStore(place.file);
  again.begin({ bootId: 'boot-b', monoMs: 50, wallMs: start.wallMs + 60_000 });
  again.release();
  const story = tell(place, 2) as GapStory;
  assert.deepEqual([story.kind, story.reason, story.session.number], ['gap', 'power-cut', 2]);
  assert.deepEqual(story.ranges[0], [2, 2]);
  assert.match(story.why, /power failed/);
  assert.throws(() => tell(place, 5000), /^LinegateError: Part 5000 is not known: this ledger knows parts 1 to \d+\.$/);
});

test('recall: a ledger without parts says so', (t) => {
  const place = setting(t);
  place.store.release();
  assert.throws(() => tell(place, 1), /Part 1 is not known: this ledger has no parts yet\./);
});

test('recall: a row that was changed breaks the chain there, which the row before it sees too, and nowhere else', (t) => {
  const place = setting(t);
  place.store.commit(
    1,
    [1, 2, 3, 4, 5].map((n) => toEntry(part(n, older))),
  );
  place.store.release();
  const db = new Database(place.file);
  db.exec(`UPDATE rows SET outcome = 'pass' WHERE part = 3`);
  db.close();
  assert.deepEqual(
    [1, 2, 3, 4, 5].map((n) => tellPart(place, n).stored.chain),
    [true, false, false, true, true],
  );
});

test('recall: a row that was given up for space is told by the row that names it; the chain still holds behind it', (t) => {
  const place = setting(t);
  // The rows of the last commit stay in any case.
  place.store.commit(
    1,
    [1, 2].map((n) => toEntry(part(n, older, 'pass'))),
  );
  place.store.commit(
    2,
    [3, 4].map((n) => toEntry(part(n, older))),
  );
  assert.equal(place.store.fold({ keepNewest: 1, mostRows: 100 }, { monoMs: 12_000, wallMs: start.wallMs + 3000 }), 2);
  place.store.release();
  const story = tell(place, 2) as GapStory;
  assert.deepEqual([story.kind, story.reason, story.ranges], ['gap', 'rows-folded', [[1, 2]]]);
  assert.match(story.why, /space was short.+"pass":2/);
  assert.deepEqual(tellPart(place, 3).stored.chain, true);
});
