import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { LinegateError } from '../../../agent/core/errors.ts';
import { temporaryFolder } from '../../../test/support/folders.ts';
import { assertSentence } from '../../../test/support/sentence.ts';
import { parseCsv } from './csv.ts';
import { listPictures } from './list.ts';

const labels = ['ok', 'hot-spot'];

function folderWith(t: TestContext, files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder(t);
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), content);
  }
  return folder;
}

function refused(act: () => unknown, message: RegExp): void {
  assert.throws(act, (error) => {
    assert.ok(error instanceof LinegateError && error.code === 'bad-argument', String(error));
    assertSentence(error.message);
    assert.match(error.message, message);
    return true;
  });
}

test('csv: what was written is read, whatever it holds', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r\n', ' ', 'é') });
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell)), fc.constantFrom('\n', '\r\n'), (rows, end) => {
      const text = [['file', 'class'], ...rows].map((row) => row.map(quote).join(',')).join(end);
      const written = rows
        .filter((row) => row.some((value) => value !== ''))
        .map(([file, label]) => ({ file, class: label }));
      assert.deepEqual(parseCsv(text).rows, written);
    }),
  );
});

test('csv: plain cells, a byte order mark, short rows and empty lines', () => {
  const { columns, rows } = parseCsv('\uFEFFfile,class,group\r\na.png,ok,t1\r\n\r\nb.png,ok\r\n');
  assert.deepEqual(columns, ['file', 'class', 'group']);
  assert.deepEqual(rows, [
    { file: 'a.png', class: 'ok', group: 't1' },
    { file: 'b.png', class: 'ok', group: '' },
  ]);
});

test('list: folders are labels, whatever their case, and each picture its own group', (t) => {
  const folder = folderWith(t, {
    'ok/b.png': '',
    'ok/a.JPG': '',
    'ok/notes.txt': '',
    'Hot-Spot/c.webp': '',
    '.x/d.png': '',
  });
  assert.deepEqual(listPictures(folder, undefined, labels), {
    grouped: false,
    pictures: [
      { file: 'Hot-Spot/c.webp', label: 'hot-spot', group: 'Hot-Spot/c.webp' },
      { file: 'ok/a.JPG', label: 'ok', group: 'ok/a.JPG' },
      { file: 'ok/b.png', label: 'ok', group: 'ok/b.png' },
    ],
  });
});

test('list: manifest.csv in the folder comes before its folders, a given list before both', (t) => {
  const folder = folderWith(t, {
    'ok/a.png': '',
    'manifest.csv': 'group,file,class\nt1,x/a.png,ok\n,x/b.png,ok\n',
    'some.csv': 'file,class\nx/z.png,ok\n',
  });
  const own = listPictures(folder, undefined, labels);
  assert.deepEqual(
    own.pictures.map(({ file, group }) => [file, group]),
    [
      ['x/a.png', 't1'],
      ['x/b.png', 'x/b.png'],
    ],
  );
  assert.ok(own.grouped);
  const given = listPictures(folder, path.join(folder, 'some.csv'), labels);
  assert.deepEqual([given.pictures.map(({ file }) => file), given.grouped], [['x/z.png'], false]);
});

test('list: what cannot be used is one sentence', (t) => {
  const folder = folderWith(t, {
    'other/a.png': '',
    'empty.csv': 'file,class\n',
    'wrong.csv': 'name;label\na;b\n',
    'twice.csv': 'file,class\na,ok\na,hot-spot\n',
  });
  const csv = (name: string) => () => listPictures(folder, path.join(folder, name), labels);
  refused(() => listPictures(folder, undefined, labels), /other\/a\.png has the label "other".*it has ok, hot-spot/);
  refused(() => listPictures(path.join(folder, 'other'), undefined, labels), /There are no pictures in the folders of/);
  refused(() => listPictures(path.join(folder, 'none'), undefined, labels), /cannot be read/);
  refused(csv('none.csv'), /none\.csv cannot be read/);
  refused(csv('empty.csv'), /There are no pictures in \S+empty\.csv/);
  refused(csv('wrong.csv'), /has the columns "name;label"/);
  refused(csv('twice.csv'), /lists "a" twice/);
});
