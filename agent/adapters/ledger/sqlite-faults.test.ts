import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import Database from 'better-sqlite3';
import { eventRow, passRow } from '../../../test/contracts/ledger.ts';
import { assertSentence } from '../../../test/support/sentence.ts';
import { LinegateError } from '../../core/errors.ts';
import { toEntry } from '../../core/ledger/row.ts';
import { SystemClock } from '../clock/system.ts';
import { GroupCommitLedger, type GroupCommitOptions, type LedgerState } from './group-commit.ts';
import { readLedger, verifyLedger } from './read.ts';
import { SqliteLedger } from './sqlite.ts';
import { openForWriting } from './sqlite-file.ts';
import { SqliteStore } from './sqlite-store.ts';
import { ThreadStore } from './thread-store.ts';

const clock = new SystemClock();
const at = { monoMs: 1, wallMs: 2 };
const start = { ...at, bootId: 'boot' };

function tempFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'linegate-ledger-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

function ledgerAt(path: string, options: Partial<GroupCommitOptions> = {}): SqliteLedger {
  return new SqliteLedger(path, { clock, bootId: 'boot', ...options });
}

async function assertRefused(path: string, code: string, says: RegExp): Promise<void> {
  const ledger = ledgerAt(path);
  await assert.rejects(ledger.open(), (error) => {
    assert.ok(error instanceof LinegateError, String(error));
    assert.equal(error.code, code);
    assertSentence(error.message);
    assert.match(error.message, says);
    return true;
  });
  await ledger.close(100);
}

async function madeAt(path: string): Promise<void> {
  const ledger = ledgerAt(path);
  await ledger.open();
  await ledger.append(passRow(1, { urgent: true }));
  await ledger.close(5000);
}

test('ledger file: whatever is wrong with it is one plain sentence', async (t) => {
  const folder = tempFolder(t);
  const path = join(folder, 'ledger.db');
  await assertRefused(join(folder, 'nowhere', 'ledger.db'), 'state-folder', /nowhere does not exist; create it/);
  writeFileSync(join(folder, 'file'), '');
  await assertRefused(join(folder, 'file', 'ledger.db'), 'state-folder', /file does not exist; create it/);
  writeFileSync(path, 'this is not a database, whatever its name says '.repeat(100));
  await assertRefused(path, 'ledger', /is not a database; move the file away/);
  mkdirSync(join(folder, 'folder.db'));
  await assertRefused(join(folder, 'folder.db'), 'ledger', /needs write access to the file/);
  rmSync(path);
  new Database(path).exec('CREATE TABLE others (a)').close();
  await assertRefused(path, 'ledger', /database of another program/);
  rmSync(path);
  await madeAt(path);
  const newer = new Database(path);
  newer.pragma('user_version = 99');
  newer.close();
  await assertRefused(path, 'ledger', /newer Linegate \(schema 99, known here: \d+\); update/);
  const other = new Database(path);
  other.pragma('user_version = 2');
  other.pragma('application_id = 7');
  other.close();
  await assertRefused(path, 'ledger', /database of another program/);
});

test('ledger file: damage inside is one plain sentence when it opens, and a finding of the audit', async (t) => {
  const path = join(tempFolder(t), 'ledger.db');
  const ledger = ledgerAt(path);
  await ledger.open();
  await Promise.all(Array.from({ length: 300 }, (_, index) => ledger.append(passRow(index + 1))));
  await ledger.close(5000);
  const { size } = statSync(path);
  truncateSync(path, 2048);
  await assertRefused(path, 'ledger', /damaged; move it away/);
  truncateSync(path, size);
  const { ok, findings } = await verifyLedger(path).catch((error: Error) => ({ ok: false, findings: [error.message] }));
  assert.equal(ok, false);
  findings.forEach(assertSentence);
});

test('ledger file: a second station is told that one is running, in this process and in another', async (t) => {
  const path = join(tempFolder(t), 'ledger.db');
  const running = ledgerAt(path);
  await running.open();
  await assertRefused(path, 'ledger', /^A station is running already with the ledger .*; stop it first/);
  const script = `
    import { openForWriting } from ${JSON.stringify(new URL('./sqlite-file.ts', import.meta.url).href)};
    try { openForWriting(${JSON.stringify(path)}, 'e'); } catch (error) { console.log(error.message); }`;
  const other = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    timeout: 30_000,
  });
  assert.match(other.stdout, /^A station is running already/, other.stderr);
  assert.equal(await running.append(eventRow('unharmed')), 2);
  await running.close(5000);
  await madeAt(path);
});

/** A file system in memory of 1 MB, or null, said loudly, where it cannot be mounted. */
function smallDisk(t: TestContext, option: 'ro' | 'rw'): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'linegate-disk-'));
  const { status } = spawnSync('/bin/mount', ['-t', 'tmpfs', '-o', `size=1m,${option}`, 'tmpfs', folder]);
  t.after(() => {
    if (status === 0) spawnSync('/bin/umount', ['-l', folder]);
    rmSync(folder, { recursive: true });
  });
  if (status === 0) return folder;
  t.diagnostic('NOT RUN: mounting a small file system needs root');
  return null;
}

test('ledger file: a folder that cannot be written is one plain sentence', async (t) => {
  const disk = smallDisk(t, 'ro');
  if (disk !== null) await assertRefused(join(disk, 'ledger.db'), 'state-folder', /cannot be written \(EROFS\)/);
});

test('ledger: a disk that is full keeps rows waiting; with room again all become durable', async (t) => {
  const mount = smallDisk(t, 'rw');
  if (mount === null) return;
  const path = join(mount, 'ledger.db');
  const ballast = join(mount, 'ballast');
  writeFileSync(ballast, Buffer.alloc(400_000));
  const states: LedgerState[] = [];
  let full = (): void => {};
  const failed = new Promise<void>((resolve) => {
    full = resolve;
  });
  const onState = (state: LedgerState): void => {
    states.push(state);
    full();
  };
  const ledger = ledgerAt(path, { onState });
  await ledger.open();
  const payload = { filling: 'x'.repeat(900) };
  const seqs = Array.from({ length: 1000 }, (_, index) => ledger.append(passRow(index + 1, { payload })));
  await failed;
  const [first] = states;
  assert.ok(first?.state === 'failing');
  assertSentence(first.message);
  assert.match(first.message, /the disk is full, free some space/);
  spawnSync('/bin/mount', ['-o', 'remount,size=20m', mount]);
  rmSync(ballast);
  assert.deepEqual(
    await Promise.all(seqs),
    Array.from({ length: 1000 }, (_, index) => index + 2),
  );
  assert.deepEqual(states.at(-1), { state: 'ok' });
  await ledger.close(5000);
  const { findings, parts, gaps } = await verifyLedger(path);
  assert.deepEqual({ findings, parts, gaps }, { findings: [], parts: 1000, gaps: 0 });
});

test('ledger file: at its limit of pages a batch is refused as a whole, and taken later', (t) => {
  const path = join(tempFolder(t), 'ledger.db');
  const file = openForWriting(path, 'epoch');
  const store = new SqliteStore(path, {}, file);
  store.begin(start);
  const pages = Number(file.db.pragma('page_count', { simple: true }));
  file.db.pragma(`max_page_count = ${pages + 5}`);
  const entries = Array.from({ length: 200 }, (_, index) => toEntry(passRow(index + 1)));
  for (let attempt = 0; attempt < 3; attempt++) {
    assert.throws(() => store.commit(1, entries), { code: 'ledger', message: /the disk is full, free some space/ });
  }
  file.db.pragma('max_page_count = 1000');
  assert.equal(store.commit(1, entries).at(-1), 201);
  store.close(at);
});

test('ledger file: a batch that is repeated is not written again, whatever is in it and whoever repeats it', async (t) => {
  const path = join(tempFolder(t), 'ledger.db');
  const first = new SqliteStore(path);
  first.begin(start);
  const overflow = { ...toEntry(eventRow('ledger-overflow', { payload: { ranges: [[4, 9]] } })), kind: 'gap' } as const;
  first.commit(1, [toEntry(passRow(1)), toEntry(passRow(3)), overflow]);
  const [early, known, folded, fresh] = [passRow(2), passRow(3), passRow(5), passRow(10)];
  const batch = [eventRow('a'), known, eventRow('b'), fresh, fresh, eventRow('c'), folded, early].map(toEntry);
  const seqs = first.commit(2, batch);
  assert.deepEqual(seqs, [5, 3, 6, 7, 7, 8, 4, 9]);
  assert.deepEqual(first.commit(2, batch), seqs);
  first.release();
  const second = new SqliteStore(path);
  assert.equal(second.resume(1), true);
  assert.deepEqual(second.commit(2, batch), seqs);
  second.close(at);
  const third = new SqliteStore(path);
  assert.equal(third.resume(1), false, 'the session was ended already');
  assert.throws(() => third.resume(2), { code: 'ledger', message: /removed or replaced/ });
  third.release();
  assert.deepEqual((await verifyLedger(path)).findings, []);
});

test('ledger: its thread dies at any moment, and every row is there once', async (t) => {
  const path = join(tempFolder(t), 'ledger.db');
  const store = new ThreadStore(path);
  const states: LedgerState[] = [];
  const onState = (state: LedgerState): unknown => states.push(state);
  const ledger = new GroupCommitLedger(store, { clock, bootId: 'boot', onState });
  await ledger.open();
  const seqs: (number | null)[] = [];
  for (let round = 0; round < 12; round++) {
    const rows = [ledger.append(passRow(round + 1, { urgent: true })), ledger.append(eventRow(`event ${round}`))];
    // Sometimes before the request arrives, sometimes during the commit, sometimes after it.
    for (let spin = 0; spin < round % 6; spin++) await new Promise((resolve) => setImmediate(resolve));
    await store.abandon();
    seqs.push(...(await Promise.all(rows)));
  }
  await ledger.close(5000);
  assert.ok(states.length > 0, 'no death was noticed');
  const expected = Array.from({ length: 24 }, (_, index) => index + 2);
  assert.deepEqual(seqs, expected);
  const { findings, rows } = await verifyLedger(path);
  assert.deepEqual({ findings, rows }, { findings: [], rows: 26 });
});

test('ledger: a file that is taken away while it runs is noticed; nothing goes into the void', async (t) => {
  const folder = tempFolder(t);
  const path = join(folder, 'ledger.db');
  let tell = (_state: LedgerState): void => {};
  const state = new Promise<LedgerState>((resolve) => {
    tell = resolve;
  });
  const ledger = ledgerAt(path, { onState: (now) => tell(now) });
  await ledger.open();
  await ledger.append(eventRow('before'));
  for (const suffix of ['', '-wal', '-shm']) renameSync(path + suffix, `${path}.away${suffix}`);
  const lost = ledger.append(eventRow('after'));
  const said = await state;
  assert.ok(said.state === 'failing');
  assertSentence(said.message);
  assert.match(said.message, /removed or replaced/);
  await assert.rejects(ledger.close(300), { code: 'ledger' });
  assert.equal(await lost, null);
});

test('ledger: a disk that lied about a sync leaves a whole beginning, and the rest is explained', async (t) => {
  const folder = tempFolder(t);
  const path = join(folder, 'ledger.db');
  const store = new SqliteStore(path);
  store.begin(start);
  for (let part = 1; part <= 40; part++) store.commit(part, [toEntry(passRow(part))]);
  const size = statSync(`${path}-wal`).size;
  for (let cut = 1; cut <= 20; cut++) {
    const copy = join(folder, `cut-${cut}.db`);
    copyFileSync(path, copy);
    copyFileSync(`${path}-wal`, `${copy}-wal`);
    // The tables are made in the first commits; what the power cut took comes after them.
    truncateSync(`${copy}-wal`, Math.floor(size * (0.3 + 0.035 * cut)) - cut * 7);
    const after = new SqliteStore(copy);
    const { firstPart, previous } = after.begin({ ...start, bootId: 'next boot' });
    assert.equal(previous, 'power-cut');
    assert.ok(firstPart > 40, `part ${firstPart} was used before`);
    after.close(at);
    const { findings, parts, gaps } = await verifyLedger(copy);
    assert.deepEqual(findings, []);
    assert.equal(parts + gaps, firstPart - 1);
    assert.ok(parts < 40);
  }
  store.release();
});

test('ledger: leaves one file behind, and its lock', async (t) => {
  const folder = tempFolder(t);
  const path = join(folder, 'ledger.db');
  await madeAt(path);
  const left = spawnSync('ls', [folder], { encoding: 'utf8' }).stdout.trim().split('\n');
  assert.deepEqual(left, ['ledger.db', 'ledger.db.lock']);
  for await (const row of readLedger(path)) assert.equal(row.session, 1);
});
