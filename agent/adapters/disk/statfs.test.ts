import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { temporaryFolder } from '../../../test/support/folders.ts';
import { assertSentence } from '../../../test/support/sentence.ts';
import { StatfsDisk } from './statfs.ts';

test('disk: tells what df tells', async (t) => {
  const folder = temporaryFolder(t);
  const { usedShare, freeBytes, totalBytes } = await new StatfsDisk(folder).usage();
  const [used = 0, available = 0] = execFileSync('df', ['--output=used,avail', '-B1', folder], { encoding: 'utf8' })
    .split('\n')
    .slice(1, 2)
    .flatMap((line) => line.trim().split(/\s+/).map(Number));
  // Others write to the same disk meanwhile.
  assert.ok(Math.abs(usedShare - used / (used + available)) < 0.01, `${usedShare}`);
  assert.ok(Math.abs(freeBytes - available) < 0.01 * totalBytes);
});

test('disk: one that is not there is one sentence', async () => {
  await assert.rejects(new StatfsDisk('/nowhere/at/all').usage(), (error: Error) => {
    assertSentence(error.message);
    return /\/nowhere\/at\/all.*ENOENT/.test(error.message);
  });
});
