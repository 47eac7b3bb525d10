import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { plainFiles, walk } from './walk.ts';

test('walk: lists a link and not what is behind it, and no control files', (t) => {
  const root = mkdtempSync(path.join(tmpdir(), 'linegate-walk-'));
  t.after(() => rmSync(root, { recursive: true }));
  for (const folder of ['usr/share', 'usr/lib', 'DEBIAN']) mkdirSync(path.join(root, folder), { recursive: true });
  for (const file of ['usr/share/model', 'DEBIAN/control']) writeFileSync(path.join(root, file), '');
  symlinkSync('../share', path.join(root, 'usr/lib/models'));
  assert.deepEqual(plainFiles(root), ['usr/share/model']);
  const links = walk(root).filter(({ kind }) => kind === 'link');
  assert.deepEqual(links, [{ name: 'usr/lib/models', kind: 'link' }]);
});
