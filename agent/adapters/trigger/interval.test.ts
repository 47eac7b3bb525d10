import assert from 'node:assert/strict';
import { test } from 'node:test';
import { triggerContract } from '../../../test/contracts/trigger.ts';
import type { Clock } from '../../ports/clock.ts';
import { VirtualClock } from '../clock/virtual.ts';
import { IntervalTrigger } from './interval.ts';

triggerContract('interval', async () => {
  const clock = new VirtualClock();
  // It makes its parts itself.
  return { source: new IntervalTrigger(clock, 5), clock, poke: () => undefined, run: (done) => clock.run(done) };
});

test('interval trigger: fires at whole intervals after its start, without drift', async () => {
  const clock = new VirtualClock({ nowNs: 7e6 });
  const trigger = new IntervalTrigger(clock, 2.5);
  const fired: number[] = [];
  await trigger.start((atNs) => fired.push(atNs));
  await clock.run(() => fired.length === 1000);
  assert.deepEqual(
    fired,
    fired.map((_, i) => 7e6 + (i + 1) * 2.5e6),
  );
});

test('interval trigger: after a pause it skips what is past and keeps its beat', async () => {
  const time = new VirtualClock();
  let lateNs = 0;
  const late: Clock = {
    nowNs: () => time.nowNs() + lateNs,
    wallMs: () => time.wallMs(),
    at: (atNs, action) => time.at(atNs, action),
  };
  const trigger = new IntervalTrigger(late, 10);
  const fired: number[] = [];
  await trigger.start((atNs) => {
    fired.push(atNs);
    lateNs = 0;
  });
  await time.run(() => fired.length === 1);
  lateNs = 34e6;
  await time.run(() => fired.length === 3);
  assert.deepEqual(fired, [10e6, 54e6, 60e6]);
});

test('interval trigger: a listener may stop it', async () => {
  const clock = new VirtualClock();
  const trigger = new IntervalTrigger(clock, 10);
  let fired = 0;
  await trigger.start(() => {
    fired++;
    void trigger.stop();
  });
  await clock.run();
  assert.equal(fired, 1);
});
