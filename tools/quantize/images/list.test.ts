import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { listImages, spread } from './list.ts';
import { loadPictures } from './pictures.ts';

describe('listImages', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'linegate-images-'));
    for (const label of ['good', 'bad']) await mkdir(path.join(folder, 'set', label), { recursive: true });
    for (const name of ['good/2.png', 'good/1.JPG', 'bad/3.png', 'bad/notes.txt', 'manifest.csv']) {
      await writeFile(path.join(folder, 'set', name), '');
    }
    await writeFile(
      path.join(folder, 'list.csv'),
      'file,class,group\r\nset/good/2.png,good,g1\nset/bad/3.png,bad,b1\n',
    );
    await writeFile(path.join(folder, 'wrong.csv'), 'name,colour\n');
  });
  after(() => rm(folder, { recursive: true }));

  it('takes the images of a folder by label, in the order of their paths', async () => {
    const found = await listImages({ path: path.join(folder, 'set') });
    assert.deepEqual(
      found.map(({ file, label }) => `${path.relative(folder, file)} ${label}`),
      ['set/bad/3.png bad', 'set/good/1.JPG good', 'set/good/2.png good'],
    );
  });

  it('takes the rows of a CSV, from beside it or from another root', async () => {
    const source = path.join(folder, 'list.csv');
    assert.deepEqual(
      (await listImages({ path: source })).map(({ file }) => path.relative(folder, file)),
      ['set/bad/3.png', 'set/good/2.png'],
    );
    assert.equal((await listImages({ path: source, root: '/elsewhere' }))[0]?.file, '/elsewhere/set/bad/3.png');
  });

  it('takes the group from a CSV, and each picture as its own group without one', async () => {
    const listed = await listImages({ path: path.join(folder, 'list.csv') });
    assert.deepEqual(
      listed.map(({ group }) => group),
      ['b1', 'g1'],
    );
    const found = await listImages({ path: path.join(folder, 'set') });
    assert.deepEqual(
      found.map(({ group }) => group),
      found.map(({ file }) => file),
    );
  });

  it('says in one sentence what is wrong', async () => {
    const refused = (name: string, message: RegExp) =>
      assert.rejects(listImages({ path: path.join(folder, name) }), { code: 'bad-argument', message });
    await refused('nothing', /nothing cannot be read/);
    await refused('wrong.csv', /has the columns "name,colour"; "file" and "class" are needed/);
    await refused('set/good', /holds no images/);
    const [image] = await listImages({ path: path.join(folder, 'set') });
    assert.ok(image);
    const spec = { colour: 'rgb' as const, widthPx: 8, heightPx: 8, region: { x: 0, y: 0, width: 1, height: 1 } };
    await assert.rejects(loadPictures([image], spec), { code: 'bad-image', message: /3\.png cannot be decoded/ });
  });
});

describe('spread', () => {
  it('takes as many as asked for, from the whole list', () => {
    const items = Array.from({ length: 100 }, (_, i) => i);
    const taken = spread(items, 7);
    assert.equal(taken.length, 7);
    assert.ok((taken[0] ?? 99) < 15 && (taken[6] ?? 0) > 80);
    assert.deepEqual(spread([1, 2], 7), [1, 2]);
  });
});
