import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import { writeTinyRecipe } from '../../../test/fixtures/tiny-recipe.ts';
import { temporaryFolder } from '../../../test/support/folders.ts';
import { openForWriting } from '../../adapters/ledger/sqlite-file.ts';
import { loadRecipe } from '../../config/recipe.ts';
import { lookAtLedger } from './ledger.ts';
import { measureModel } from './model.ts';
import { SystemHost } from './system-host.ts';
import { measureWrites } from './writes.ts';

test('writes: times of each, and nothing left behind', async (t) => {
  const folder = temporaryFolder(t);
  const look = await measureWrites(folder);
  assert.ok(look.kind === 'times' && look.ms.length > 0 && look.ms.every((ms) => ms > 0));
  assert.deepEqual(readdirSync(folder), []);
  const lost = await measureWrites(path.join(folder, 'none'));
  assert.equal(lost.kind, 'failed');
});

test('ledger: beside the station that writes it, and damaged', async (t) => {
  const file = path.join(temporaryFolder(t), 'ledger.sqlite');
  assert.deepEqual(await lookAtLedger(file), { kind: 'none' });
  const open = openForWriting(file, 'epoch');
  open.db.exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
    INSERT INTO rows SELECT i, 1, 'part', 0, 0, i, 'pass', 0.5, 'r@1', '{}', x'00' FROM n`);
  const look = await lookAtLedger(file);
  assert.ok(look.kind === 'read');
  assert.deepEqual([look.faults, look.journal, look.pageBytes, look.rows], [[], 'wal', 2048, 2000]);
  open.db.pragma('wal_checkpoint(TRUNCATE)');
  open.close();
  const bytes = readFileSync(file);
  bytes.fill(0xff, 2048 * 20, 2048 * 24);
  writeFileSync(file, bytes);
  const damaged = await lookAtLedger(file);
  assert.ok(
    damaged.kind === 'failed' || (damaged.kind === 'read' && damaged.faults.length > 0),
    JSON.stringify(damaged),
  );
});

test('ledger: a file that is none, and a database of another program', async (t) => {
  const folder = temporaryFolder(t);
  const text = path.join(folder, 'text');
  writeFileSync(text, 'no database '.repeat(100));
  assert.equal((await lookAtLedger(text)).kind, 'failed');
  const foreign = path.join(folder, 'foreign');
  new Database(foreign).exec('CREATE TABLE t (x)').close();
  assert.equal((await lookAtLedger(foreign)).kind, 'failed');
});

test('model: times of a model that reproduces its golden vectors, and one that does not', async (t) => {
  const folder = temporaryFolder(t);
  writeTinyRecipe(path.join(folder, 'good'));
  const good = await measureModel(loadRecipe(path.join(folder, 'good')), 'onnx');
  assert.ok(good.kind === 'times' && good.ms.length > 10, JSON.stringify(good));
  assert.match(good.engine, /onnxruntime/);
  writeTinyRecipe(path.join(folder, 'bad'), { goldenOff: 0.2 });
  const bad = await measureModel(loadRecipe(path.join(folder, 'bad')), 'onnx');
  assert.equal(bad.kind, 'failed');
});

test('host: texts of the kernel, folders, rights, programs that are missing', async (t) => {
  const host = new SystemHost();
  assert.match((await host.text('/proc/self/mountinfo')) ?? '', / - /);
  assert.equal(await host.text('/none'), undefined);
  assert.equal(await host.text('/proc'), undefined);
  const folder = temporaryFolder(t);
  mkdirSync(path.join(folder, 'b'));
  writeFileSync(path.join(folder, 'a'), 'x');
  chmodSync(path.join(folder, 'a'), 0o640);
  assert.deepEqual(await host.names(folder), ['a', 'b']);
  assert.deepEqual(await host.names('/none'), []);
  const facts = await host.facts(path.join(folder, 'a'));
  assert.deepEqual([facts?.kind, facts?.mode, facts?.sizeBytes, facts?.readable], ['file', 0o640, 1, true]);
  assert.deepEqual(await host.run('sh', ['-c', 'echo out; echo err >&2; exit 3']), {
    kind: 'ran',
    code: 3,
    stdout: 'out\n',
    stderr: 'err\n',
  });
  assert.deepEqual(await host.run('linegate-no-such-program', []), { kind: 'missing' });
  assert.ok(((await host.space(folder))?.totalBytes ?? 0) > 0);
  assert.equal((await host.user()).uid, process.getuid?.());
});
