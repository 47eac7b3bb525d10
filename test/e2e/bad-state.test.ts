// State folders that cannot be used, and what is wrong inside those that can.
import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import Database from 'better-sqlite3';
import { ledgerFile } from '../../agent/main.ts';
import { Cli, document, type Ended, linegate } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { temporaryFolder } from '../support/folders.ts';
import { notRun } from '../support/not-run.ts';
import { assertRefused } from '../support/refused.ts';

const nobody = 65_534;

function simulate(t: TestContext, state: string, ...more: readonly string[]): Promise<Ended> {
  return linegate(t, ['simulate', '--virtual-time', '--parts', '20', '--json', '--state', state, ...more]);
}

function noise(bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, i) => (i * 2654435761) >>> 13);
}

/** A file where a folder must be, or the other way round. */
function put(kind: 'file' | 'folder', ...where: readonly string[]): void {
  if (kind === 'file') writeFileSync(path.join(...where), 'not what it should be\n');
  else mkdirSync(path.join(...where));
}

/** An SQLite database that is no ledger, or not one of ours. */
function putDatabase(file: string, sql: string): void {
  const db = new Database(file);
  db.exec(sql);
  db.close();
}

/** What is wrong in a state folder that is there, and what the sentence must name. */
const spoilt: Readonly<Record<string, readonly [spoil: (state: string) => void, about: RegExp]>> = {
  'a ledger of noise': [
    (s) => writeFileSync(path.join(s, ledgerFile), noise(9000)),
    /ledger\.sqlite cannot be used .+not a database/,
  ],
  'a ledger of text': [(s) => put('file', s, ledgerFile), /ledger\.sqlite cannot be used .+not a database/],
  'a ledger that is a folder': [(s) => put('folder', s, ledgerFile), /ledger\.sqlite cannot be used/],
  'another database for a ledger': [
    (s) => putDatabase(path.join(s, ledgerFile), 'CREATE TABLE notes (text)'),
    /is a database of another program/,
  ],
  'a ledger of a newer linegate': [
    (s) => putDatabase(path.join(s, ledgerFile), `PRAGMA application_id = ${0x4c474c47}; PRAGMA user_version = 99`),
    /newer Linegate .+update Linegate/,
  ],
  'a lock that is a folder': [(s) => put('folder', s, `${ledgerFile}.lock`), /ledger\.sqlite cannot be used/],
  'a journal that is a folder': [(s) => put('folder', s, 'line.journal'), /journal .+ cannot be/],
  'a log that is a folder': [(s) => put('folder', s, 'agent.log'), /cannot be written/],
  'pictures that are a file': [(s) => put('file', s, 'pictures'), /folder for pictures .+ cannot be used/],
};

suite('bad state', { concurrency: 2 }, () => {
  for (const [what, [spoil, about]] of Object.entries(spoilt)) {
    test(`bad state: ${what}`, async (t) => {
      const state = temporaryFolder(t);
      spoil(state);
      assertRefused(await simulate(t, state), 3, about);
    });
  }

  test('bad state: a file for a folder', async (t) => {
    const state = path.join(temporaryFolder(t), 'state');
    put('file', state);
    assertRefused(await simulate(t, state), 3, /state folder .+ cannot be/);
  });

  test('bad state: a folder that the system does not let anybody make', async (t) => {
    assertRefused(await simulate(t, '/proc/linegate'), 3, /state folder \/proc\/linegate cannot be/);
  });

  test('bad state: a folder that this user may not write', async (t) => {
    const state = temporaryFolder(t);
    const options = process.getuid?.() === 0 ? { uid: nobody } : {};
    if ((await linegate(t, ['--version'], options)).exitCode !== 0) {
      notRun('a state folder that may not be written', 'another user cannot run what is in this checkout');
      return;
    }
    chmodSync(state, 0o555);
    const args = ['simulate', '--parts', '5', '--json', '--state', state];
    assertRefused(await linegate(t, args, options), 3, /state folder .+ cannot be written: EACCES/);
    chmodSync(state, 0o755);
    if (options.uid !== undefined) chownSync(state, options.uid, options.uid);
    assert.equal((await simulate(t, state)).exitCode, 0);
    if (options.uid === undefined) return;
    // Run by root once, by the service's user then: its files cannot be written any more.
    assertRefused(await linegate(t, args, options), 3, /EACCES|write access/);
  });

  test('bad state: noise in the journal costs the interrupted parts, not the start', async (t) => {
    const state = temporaryFolder(t);
    writeFileSync(path.join(state, 'line.journal'), noise(5000));
    const ended = await simulate(t, state);
    assert.equal(ended.exitCode, 0, ended.stderr);
    assert.equal(document(ended)['records'], 20);
  });
});

suite('bad ledger, read', { concurrency: 2 }, () => {
  test('bad ledger: verify, tail and export of what is no ledger', async (t) => {
    const state = temporaryFolder(t);
    writeFileSync(path.join(state, ledgerFile), noise(9000));
    for (const args of [['verify', '--json'], ['tail', '--json'], ['export'], ['verify']]) {
      assertRefused(await linegate(t, ['ledger', ...args, '--state', state]), 3, /not a database/);
    }
    assertRefused(await linegate(t, ['ledger', 'tail', '--state', path.join(state, 'none')]), 3, /no ledger at/);
  });

  test('bad ledger: verify finds a damaged page and a row that was changed, and says which', async (t) => {
    const state = temporaryFolder(t);
    assert.equal((await simulate(t, state)).exitCode, 0);
    const file = path.join(state, ledgerFile);
    const whole = readFileSync(file);
    const verify = (): Promise<Ended> => linegate(t, ['ledger', 'verify', '--json', '--state', state]);
    assert.equal((await verify()).exitCode, 0);

    writeFileSync(file, Buffer.concat([whole.subarray(0, 8192), noise(4096), whole.subarray(12_288)]));
    const damaged = await verify();
    assert.equal(damaged.exitCode, 1, damaged.stderr);
    assert.equal(document(damaged)['ok'], false);
    assert.doesNotMatch(damaged.stdout + damaged.stderr, /\n\s+at /);

    writeFileSync(file, whole);
    putDatabase(file, "UPDATE rows SET outcome = 'pass' WHERE seq = 7");
    putDatabase(file, "UPDATE rows SET outcome = 'reject' WHERE seq = 8");
    const changed = await verify();
    assert.equal(changed.exitCode, 1);
    assert.match(String(document(changed)['findings']), /Row [78] was changed after it was written/);
  });
});

test('bad state: a ledger that is taken away while the line runs stops nothing, and the stop says what is lost', async (t) => {
  const state = temporaryFolder(t);
  const station = new Cli(t, ['simulate', '--parts', '0', '--speed', '40', '--json', '--state', state]);
  await station.says(/100 parts/);
  for (const end of ['', '-wal', '-shm']) rmSync(path.join(state, `${ledgerFile}${end}`), { force: true });
  const log = (): string => readFileSync(path.join(state, 'agent.log'), 'utf8');
  await eventually(() => /"state":"failing"/.exec(log()) ?? undefined, 'the fault of the ledger');
  station.kill('SIGINT');
  const { exitCode, stdout, stderr } = await station.ended;
  assert.match(
    stderr,
    /\nlinegate: The ledger could not be closed within \d+ ms: \d+ rows did not reach the disk; .+\.\n$/,
  );
  assert.equal(exitCode, 3);
  assert.equal(stdout, '');
  assert.match(log(), /was removed or replaced while the station was running/);
});
