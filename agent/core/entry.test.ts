import assert from 'node:assert/strict';
import { test } from 'node:test';
import { siblingEntry } from './entry.ts';

test('entry: in a checkout it lies where its source lies', () => {
  const url = siblingEntry('file:///src/agent/adapters/ledger/sqlite.ts', './sqlite-thread.ts');
  assert.equal(url.href, 'file:///src/agent/adapters/ledger/sqlite-thread.ts');
  assert.equal(siblingEntry('file:///src/agent/main.ts', './a/b.ts').href, 'file:///src/agent/a/b.ts');
});

test('entry: in a bundle it lies beside the others, as CommonJS', () => {
  assert.equal(siblingEntry('file:///opt/app/main.js', './sqlite-thread.ts').href, 'file:///opt/app/sqlite-thread.cjs');
  assert.equal(siblingEntry('file:///opt/app/main.js', '../a/child.ts').href, 'file:///opt/app/child.cjs');
});
