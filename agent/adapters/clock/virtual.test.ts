import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { clockContract } from '../../../test/contracts/clock.ts';
import { VirtualClock } from './virtual.ts';

clockContract('virtual', () => {
  const clock = new VirtualClock();
  return { clock, run: (done) => clock.run(done) };
});

test('virtual clock: events run by time, ties by insertion, the cancelled ones never', async () => {
  const event = fc.record({ atNs: fc.nat(20), cancel: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 60 }), async (events) => {
      const clock = new VirtualClock();
      const ran: [number, number][] = [];
      events.forEach(({ atNs, cancel }, index) => {
        const undo = clock.at(atNs, () => ran.push([clock.nowNs(), index]));
        if (cancel) undo();
      });
      await clock.run();
      const expected = events
        .map(({ atNs, cancel }, index) => ({ atNs, index, cancel }))
        .filter(({ cancel }) => !cancel)
        .sort((a, b) => a.atNs - b.atNs || a.index - b.index)
        .map(({ atNs, index }) => [atNs, index]);
      assert.deepEqual(ran, expected);
    }),
    { numRuns: 200 },
  );
});

test('virtual clock: all promises settle before time moves on', async () => {
  const clock = new VirtualClock();
  const seenNs: number[] = [];
  clock.at(10, () => {
    void (async () => {
      for (let i = 0; i < 50; i++) await Promise.resolve();
      await new Promise<void>((resolve) => process.nextTick(resolve));
      await Promise.resolve();
      seenNs.push(clock.nowNs());
    })();
  });
  clock.at(11, () => seenNs.push(clock.nowNs()));
  await clock.run();
  assert.deepEqual(seenNs, [10, 11]);
});

test('virtual clock: time stands still while real work is held, also work that follows from it', async () => {
  const clock = new VirtualClock();
  const realWork = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 3));
  const seenNs: number[] = [];
  clock.at(10, () => {
    void (async () => {
      await clock.hold(realWork());
      seenNs.push(clock.nowNs());
      await clock.hold(realWork());
      seenNs.push(clock.nowNs());
      clock.at(clock.nowNs() + 5, () => seenNs.push(clock.nowNs()));
    })();
  });
  clock.at(11, () => seenNs.push(clock.nowNs()));
  await clock.run();
  assert.deepEqual(seenNs, [10, 10, 11, 15]);
});

test('virtual clock: held work that fails frees the clock and still fails for its owner', async () => {
  const clock = new VirtualClock();
  const failing = clock.hold(new Promise<never>((_, reject) => setImmediate(reject, new Error('no'))));
  let ran = false;
  clock.at(1, () => {
    ran = true;
  });
  await Promise.all([clock.run(), assert.rejects(failing, /no/)]);
  assert.equal(ran, true);
});

test('virtual clock: stops where it is told and goes on from there', async () => {
  const clock = new VirtualClock({ nowNs: 5e6, wallMs: 1_700_000_000_000 });
  assert.equal(clock.wallMs(), 1_700_000_000_000);
  let count = 0;
  const again = (): void => {
    count++;
    clock.at(clock.nowNs() + 1e6, again);
  };
  clock.at(0, again);
  await clock.run(() => count === 3);
  assert.deepEqual([count, clock.nowNs(), clock.wallMs()], [3, 7e6, 1_700_000_000_002]);
  await clock.run(() => count === 4);
  assert.equal(clock.nowNs(), 8e6);
});

test('virtual clock: an event that asks for this very moment again does not starve the process', async () => {
  const clock = new VirtualClock();
  let turns = 0;
  const again = (): void => {
    clock.at(clock.nowNs(), again);
  };
  again();
  setImmediate(() => {
    turns++;
  });
  await clock.run(() => turns > 0);
  assert.equal(turns, 1);
});
