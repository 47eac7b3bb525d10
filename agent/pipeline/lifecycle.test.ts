import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allStarted } from './lifecycle.ts';

test('lifecycle: what starts side by side is waited for before a failure is told, and the first of several is', async () => {
  const told: string[] = [];
  const slow = Promise.withResolvers<void>();
  const camera = Promise.reject(new Error('no camera'));
  const model = Promise.reject(new Error('no model'));
  const all = allStarted([slow.promise, camera, model]).catch((error: Error) => told.push(error.message));
  await new Promise(setImmediate);
  assert.deepEqual(told, [], 'the first one is starting still');
  slow.resolve();
  await all;
  assert.deepEqual(told, ['no camera']);
});
