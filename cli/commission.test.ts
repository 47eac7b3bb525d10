import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linegate } from '../test/support/cli.ts';
import { assertSentence } from '../test/support/sentence.ts';

test('commission: only at a terminal, and only its own steps', async (t) => {
  const ended = await linegate(t, ['commission', '--yes-the-line-is-stopped']);
  assert.equal(ended.exitCode, 2);
  assert.match(ended.stderr, /needs a terminal/);
  assertSentence(ended.stderr.replace('linegate: ', '').trim());
  const unknown = await linegate(t, ['commission', '--only', 'doors']);
  assert.equal(unknown.exitCode, 2);
  assert.match(unknown.stderr, /There is no step "doors"; the steps are inputs, encoder/);
  const long = await linegate(t, ['commission', '--lateness-seconds', '0']);
  assert.match(long.stderr, /from 1 to 600/);
});
