import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endInTime } from './end-in-time.ts';

/** Timers that run when they are told to. */
class Timers {
  readonly waiting = new Map<number, () => void>();

  nowNs(): number {
    return 5e9;
  }

  at(atNs: number, action: () => void): () => void {
    this.waiting.set(atNs, action);
    return () => void this.waiting.delete(atNs);
  }
}

test('end in time: one that ends when it is asked is not forced, and nothing waits any longer', async () => {
  const timers = new Timers();
  const said: string[] = [];
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  const ended = endInTime(timers, { ask: () => said.push('ask'), force: () => said.push('force'), gone });
  assert.deepEqual([...timers.waiting.keys()], [6e9, 7e9]);
  resolve();
  await ended;
  assert.deepEqual([said, timers.waiting.size], [['ask'], 0]);
});

test('end in time: one that does not is forced after a second, and given up after two', async () => {
  const timers = new Timers();
  const said: string[] = [];
  const never = new Promise<void>(() => {});
  const ended = endInTime(timers, { ask: () => said.push('ask'), force: () => said.push('force'), gone: never });
  timers.waiting.get(6e9)?.();
  assert.deepEqual(said, ['ask', 'force']);
  timers.waiting.get(7e9)?.();
  await ended;
});
