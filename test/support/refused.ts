import assert from 'node:assert/strict';
import type { Ended } from './cli.ts';
import { assertSentence } from './sentence.ts';

/**
 * Asserts that a command refused what it was given: that exit status, nothing on stdout, and on stderr, after log lines at
 * most, `linegate: ` and one plain sentence that says `about`.
 */
export function assertRefused(ended: Ended, exitCode: number, about: RegExp): void {
  const { stdout, stderr, signal } = ended;
  assert.equal(signal, null);
  const lines = stderr.trimEnd().split('\n');
  const last = lines.pop() ?? '';
  assert.match(last, /^linegate: /, `the last line of stderr is no refusal: ${stderr.slice(-2000)}`);
  assertSentence(last.slice('linegate: '.length));
  assert.match(last, about);
  assert.equal(ended.exitCode, exitCode, last);
  assert.equal(stdout, '');
  const strange = lines.filter((line) => !line.startsWith('{'));
  assert.deepEqual(strange, [], 'there is more on stderr than log lines and the sentence');
}
