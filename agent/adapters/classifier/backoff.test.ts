import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_BACKOFF, nextWaitMs } from './backoff.ts';

test('waits double from the first to the longest', () => {
  const waits: number[] = [];
  for (let i = 0; i < 9; i++) waits.push(nextWaitMs(DEFAULT_BACKOFF, waits.at(-1) ?? 0, 0));
  assert.deepEqual(waits, [50, 100, 200, 400, 800, 1600, 3200, 5000, 5000]);
});

test('a healthy run starts the series anew, a short one does not', () => {
  assert.equal(nextWaitMs(DEFAULT_BACKOFF, 1600, DEFAULT_BACKOFF.healthyMs), 50);
  assert.equal(nextWaitMs(DEFAULT_BACKOFF, 1600, DEFAULT_BACKOFF.healthyMs - 1), 3200);
});
