import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { noiseFrame, picturesContract } from '../../../test/contracts/pictures.ts';
import { FolderPictures, type FolderPicturesOptions } from './folder.ts';

const root = mkdtempSync(join(tmpdir(), 'linegate-pictures-'));
after(() => rmSync(root, { recursive: true }));

function store(more: Partial<FolderPicturesOptions> = {}): {
  pictures: FolderPictures;
  folder: string;
  faults: string[];
} {
  const folder = more.folder ?? join(mkdtempSync(join(root, 'store-')), 'pictures');
  const faults: string[] = [];
  const onFault = (message: string): void => {
    faults.push(message);
  };
  return { pictures: new FolderPictures({ folder, maxMegabytes: 1, onFault, ...more }), folder, faults };
}

/** All files below a folder, as relative paths. */
function files(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return all.filter((name) => statSync(join(folder, name)).isFile()).sort();
}

picturesContract('folder', true, async () => {
  const { pictures, folder } = store();
  return { pictures, names: () => files(folder) };
});

/** Noise of 64 x 64 px is about 4.2 kB as PNG: a store of 15 kB holds three. */
const SMALL = { maxMegabytes: 0.015 };
const picture = noiseFrame(64, 64);

test('folder pictures: a full store gives up the oldest passes, then reviews, then rejects', async () => {
  const { pictures, folder } = store(SMALL);
  await pictures.start();
  for (const name of ['reject/1.png', 'review/2.png', 'pass/3.png']) assert.ok(await pictures.keep(name, picture));
  assert.ok(await pictures.keep('reject/4.png', picture));
  assert.deepEqual(files(folder), ['reject/1.png', 'reject/4.png', 'review/2.png']);
  assert.ok(await pictures.keep('reject/5.png', picture));
  assert.deepEqual(files(folder), ['reject/1.png', 'reject/4.png', 'reject/5.png']);
  assert.ok(await pictures.keep('reject/6.png', picture));
  assert.deepEqual(files(folder), ['reject/4.png', 'reject/5.png', 'reject/6.png']);
  await pictures.stop();
});

test('folder pictures: a pass never pushes out a reject', async () => {
  const { pictures, folder } = store(SMALL);
  await pictures.start();
  for (const part of [1, 2, 3]) assert.ok(await pictures.keep(`reject/${part}.png`, picture));
  assert.equal(await pictures.keep('pass/4.png', picture), false);
  assert.equal(files(folder).length, 3);
  await pictures.stop();
});

test('folder pictures: counts what a former run left, oldest first, and cleans up after a power cut', async () => {
  const first = store(SMALL);
  await first.pictures.start();
  for (const part of [1, 2, 3]) assert.ok(await first.pictures.keep(`pass/${part}.png`, picture));
  await first.pictures.stop();
  const { folder } = first;
  for (const [part, s] of [
    [1, 3000],
    [2, 1000],
    [3, 2000],
  ] as const)
    utimesSync(join(folder, `pass/${part}.png`), s, s);
  writeFileSync(join(folder, 'pass/9.png.tmp'), 'half');
  writeFileSync(join(folder, 'pass/8.png'), '');
  writeFileSync(join(folder, 'notes.txt'), 'not ours');
  const second = store({ ...SMALL, folder });
  await second.pictures.start();
  assert.deepEqual(files(folder), ['notes.txt', 'pass/1.png', 'pass/2.png', 'pass/3.png']);
  assert.ok(await second.pictures.keep('pass/4.png', picture));
  assert.deepEqual(files(folder), ['notes.txt', 'pass/1.png', 'pass/3.png', 'pass/4.png']);
  await second.pictures.stop();
});

test('folder pictures: never holds more than it may, whatever comes', async () => {
  const { pictures, folder } = store(SMALL);
  await pictures.start();
  for (let part = 1; part <= 40; part++) {
    const kind = ['pass', 'review', 'reject', 'no-verdict', 'other'][(part * 7) % 5];
    await pictures.keep(`${kind}/${part}.png`, noiseFrame(20 + ((part * 13) % 60), 40, part));
    const bytes = files(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    assert.ok(bytes <= 15_000, `${bytes} bytes after part ${part}`);
  }
  await pictures.stop();
});

test('folder pictures: a picture larger than the store is refused and costs no other', async () => {
  const { pictures, folder } = store(SMALL);
  await pictures.start();
  assert.ok(await pictures.keep('pass/1.png', picture));
  assert.equal(await pictures.keep('reject/2.png', noiseFrame(200, 200)), false);
  assert.deepEqual(files(folder), ['pass/1.png']);
  await pictures.stop();
});

test('folder pictures: takes no more than may wait, and none before its start', async () => {
  const { pictures } = store({ maxPending: 3 });
  assert.equal(await pictures.keep('pass/0.png', picture), false);
  await pictures.start();
  const kept = [1, 2, 3, 4, 5].map((part) => pictures.keep(`pass/${part}.png`, picture));
  assert.deepEqual(await Promise.all(kept), [true, true, true, false, false]);
  assert.ok(await pictures.keep('pass/6.png', picture));
  await pictures.stop();
  assert.equal(await pictures.keep('pass/7.png', picture), false);
});

test('folder pictures: what is dropped while pictures are written is on the disk no more', async () => {
  const { pictures, folder, faults } = store();
  await pictures.start();
  const kept = [1, 2, 3].map((part) => pictures.keep(`pass/${part}.png`, picture));
  assert.ok((await pictures.drop(5000)) >= 5000);
  assert.deepEqual(await Promise.all(kept), [true, true, true]);
  assert.deepEqual(files(folder), ['pass/3.png']);
  await pictures.stop();
  assert.deepEqual(faults, []);
});

test('folder pictures: a frame without all its data is refused', async () => {
  const { pictures, folder } = store();
  await pictures.start();
  assert.equal(await pictures.keep('pass/1.png', { ...picture, data: picture.data.subarray(1) }), false);
  assert.deepEqual(files(folder), []);
  await pictures.stop();
});

test('folder pictures: a disk that refuses is told once, loses pictures and nothing else, and may recover', async () => {
  const { pictures, folder, faults } = store();
  await pictures.start();
  writeFileSync(join(folder, 'reject'), 'in the way of the folder');
  assert.equal(await pictures.keep('reject/1.png', picture), false);
  assert.equal(await pictures.keep('reject/2.png', picture), false);
  assert.equal(faults.length, 1);
  assert.match(faults[0] ?? '', /^Pictures are lost because the disk refuses them \(E[A-Z]+: .*\)\.$/);
  rmSync(join(folder, 'reject'));
  assert.ok(await pictures.keep('reject/3.png', picture));
  assert.deepEqual(files(folder), ['reject/3.png']);
  await pictures.stop();
});

test('folder pictures: a folder that cannot be made is one sentence', async () => {
  const blocked = join(root, 'a-file');
  writeFileSync(blocked, '');
  await assert.rejects(store({ folder: join(blocked, 'pictures') }).pictures.start(), {
    code: 'state-folder',
    message: /^The folder for pictures \S+ cannot be used \(ENOTDIR: .*\): make it writable\.$/,
  });
});

test('folder pictures: does not count or follow links', async () => {
  const { pictures, folder } = store(SMALL);
  const outside = join(root, 'outside.png');
  writeFileSync(outside, Buffer.alloc(14_000));
  mkdirSync(join(folder, 'pass'), { recursive: true });
  symlinkSync(outside, join(folder, 'pass/1.png'));
  await pictures.start();
  assert.ok(await pictures.keep('pass/2.png', picture));
  assert.ok(await pictures.keep('pass/1.png', picture));
  assert.equal(statSync(outside).size, 14_000);
  await pictures.stop();
});
