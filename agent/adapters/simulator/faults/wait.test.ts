import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { VirtualClock } from '../../clock/virtual.ts';
import { waitUntil } from './wait.ts';

test('wait: until its time has come, and leaves nothing behind', async () => {
  const clock = new VirtualClock();
  const { signal } = new AbortController();
  const waited = waitUntil(clock, 5e6, signal);
  await clock.run();
  assert.deepEqual([await waited, clock.nowNs(), getEventListeners(signal, 'abort').length], [true, 5e6, 0]);
});

test('wait: ends at once when nobody waits any more', async () => {
  const clock = new VirtualClock();
  const abort = new AbortController();
  const waited = waitUntil(clock, 5e6, abort.signal);
  clock.at(2e6, () => abort.abort());
  await clock.run();
  assert.deepEqual([await waited, clock.nowNs()], [false, 2e6]);
  assert.equal(await waitUntil(clock, 9e6, abort.signal), false);
});
