import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { FolderScan } from './folder-scan.ts';

const root = mkdtempSync(join(tmpdir(), 'linegate-scan-'));
after(() => rmSync(root, { recursive: true }));

function makeScan(): { folder: string; look: (atMs: number) => Promise<string>; scan: FolderScan } {
  const folder = mkdtempSync(join(root, 'folder-'));
  const scan = new FolderScan(folder, 100);
  const look = async (atMs: number): Promise<string> => {
    const { found, unsettled } = await scan.look(atMs * 1e6);
    return [...found.map(({ name, isFile }) => (isFile ? name : `(${name})`)), ...(unsettled ? ['...'] : [])].join(' ');
  };
  return { folder, look, scan };
}

test('folder scan: a file is found once, when it has stood still for the settling time', async () => {
  const { folder, look } = makeScan();
  assert.equal(await look(0), '');
  writeFileSync(join(folder, 'a.png'), 'a');
  assert.equal(await look(1000), '...');
  assert.equal(await look(1099), '...');
  appendFileSync(join(folder, 'a.png'), 'more');
  assert.equal(await look(1100), '...');
  assert.equal(await look(1199), '...');
  assert.equal(await look(1200), 'a.png');
  assert.equal(await look(1300), '');
});

test('folder scan: oldest first, ties by name', async () => {
  const { folder, look } = makeScan();
  for (const [name, seconds] of [
    ['c', 10],
    ['a', 20],
    ['b', 10],
  ] as const) {
    writeFileSync(join(folder, name), name);
    utimesSync(join(folder, name), seconds, seconds);
  }
  await look(0);
  assert.equal(await look(100), 'b c a');
});

test('folder scan: a file written again under its name is found again, a renamed one too', async () => {
  const { folder, look } = makeScan();
  writeFileSync(join(folder, 'a'), '1');
  await look(0);
  assert.equal(await look(100), 'a');
  writeFileSync(join(folder, 'a'), '22');
  assert.equal(await look(200), '...');
  assert.equal(await look(300), 'a');
  renameSync(join(folder, 'a'), join(folder, 'b'));
  assert.equal(await look(400), '...');
  assert.equal(await look(500), 'b');
});

test('folder scan: names that programs give to unfinished files are not seen until they are renamed', async () => {
  const { folder, look } = makeScan();
  for (const name of ['.a.png.Xy12', 'b.png.tmp', 'c.png.part', 'D.PNG.TMP']) writeFileSync(join(folder, name), 'x');
  await look(0);
  assert.equal(await look(100), '');
  renameSync(join(folder, '.a.png.Xy12'), join(folder, 'a.png'));
  await look(200);
  assert.equal(await look(300), 'a.png');
});

test('folder scan: a folder inside is told once, whatever is written in it', async () => {
  const { folder, look } = makeScan();
  mkdirSync(join(folder, 'sub'));
  await look(0);
  assert.equal(await look(100), '(sub)');
  writeFileSync(join(folder, 'sub/x'), 'x');
  assert.equal(await look(200), '');
  assert.equal(await look(300), '');
});

test('folder scan: what was there may be skipped, unless it changes later', async () => {
  const { folder, look, scan } = makeScan();
  writeFileSync(join(folder, 'old'), '1');
  await scan.skipExisting(0);
  assert.equal(await look(100), '');
  writeFileSync(join(folder, 'old'), '22');
  await look(200);
  assert.equal(await look(300), 'old');
});

test('folder scan: forgets files that are gone', async () => {
  const { folder, look } = makeScan();
  writeFileSync(join(folder, 'a'), '1');
  utimesSync(join(folder, 'a'), 10, 10);
  await look(0);
  assert.equal(await look(100), 'a');
  rmSync(join(folder, 'a'));
  assert.equal(await look(200), '');
  rmSync(folder, { recursive: true });
  await assert.rejects(look(300), { code: 'ENOENT' });
});
