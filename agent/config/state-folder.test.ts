import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { assertSentence } from '../../test/support/sentence.ts';
import { LinegateError } from '../core/errors.ts';
import { makeStateFolder } from './state-folder.ts';

test('state folder: is made with those above it, and may be there', (t) => {
  const base = mkdtempSync(path.join(tmpdir(), 'linegate-test-'));
  t.after(() => rmSync(base, { recursive: true }));
  const folder = path.join(base, 'a', 'b', 'c');
  makeStateFolder(folder);
  makeStateFolder(folder);
  assert.ok(existsSync(folder));
  writeFileSync(path.join(folder, 'file'), '');
  for (const bad of [path.join(folder, 'file'), path.join(folder, 'file', 'd'), '/proc/linegate', '/proc/linegate/a']) {
    const refused = (error: unknown): boolean => {
      assert.ok(error instanceof LinegateError && error.code === 'state-folder');
      assertSentence(error.message);
      return error.message.includes(bad);
    };
    assert.throws(() => makeStateFolder(bad), refused);
  }
});
