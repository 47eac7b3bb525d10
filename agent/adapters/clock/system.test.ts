import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clockContract } from '../../../test/contracts/clock.ts';
import { SystemClock } from './system.ts';

async function waitFor(done: () => boolean): Promise<void> {
  const giveUpMs = performance.now() + 5000;
  while (!done() && performance.now() < giveUpMs) await new Promise((resolve) => setTimeout(resolve, 1));
}

clockContract('system', () => ({ clock: new SystemClock(), run: waitFor }));

test('system clock: is the clock of process.hrtime', () => {
  const before = Number(process.hrtime.bigint());
  const now = new SystemClock().nowNs();
  assert.ok(now >= before && now <= Number(process.hrtime.bigint()));
});

test('system clock: a wait longer than setTimeout can take neither fires at once nor warns', (t) => {
  const warned: string[] = [];
  const onWarning = (warning: Error): void => {
    warned.push(warning.name);
  };
  process.on('warning', onWarning);
  t.after(() => process.off('warning', onWarning));
  const clock = new SystemClock();
  let called = false;
  const cancel = clock.at(clock.nowNs() + 100 * 24 * 3600 * 1e9, () => {
    called = true;
  });
  return new Promise<void>((resolve) => {
    clock.at(clock.nowNs() + 5e6, () => {
      cancel();
      assert.equal(called, false);
      assert.deepEqual(warned, []);
      resolve();
    });
  });
});
