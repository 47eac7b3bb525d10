import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { nativeProgram } from './programs-path.ts';

test('native programs: the one that was built in this checkout, else its name for PATH', () => {
  const built = path.join(import.meta.dirname, '../../dist/native', process.arch, 'linegate-gatekeeper');
  assert.equal(nativeProgram('linegate-gatekeeper'), existsSync(built) ? built : 'linegate-gatekeeper');
  assert.equal(nativeProgram('linegate-nowhere'), 'linegate-nowhere');
});
