import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Clock } from '../../agent/ports/clock.ts';

/** A clock with the way to let its time pass until `done` or nothing is left to do. */
export interface ClockUnderTest {
  readonly clock: Clock;
  run(done: () => boolean): Promise<void>;
}

const MS = 1e6;

/** What every clock keeps. */
export function clockContract(name: string, make: () => ClockUnderTest): void {
  describe(`clock: ${name}`, () => {
    test('never goes back', () => {
      const { clock } = make();
      let before = clock.nowNs();
      for (let i = 0; i < 1000; i++) {
        const now = clock.nowNs();
        assert.ok(now >= before);
        before = now;
      }
    });

    test('the wall clock is a time of our days', () => {
      const { clock } = make();
      assert.ok(clock.wallMs() > Date.UTC(2024), `${clock.wallMs()}`);
    });

    test('calls an action once, never early, never at once', async () => {
      const { clock, run } = make();
      for (const waitNs of [0, 1, 0.4 * MS, MS, 7.3 * MS]) {
        const atNs = clock.nowNs() + waitNs;
        const calledNs: number[] = [];
        clock.at(atNs, () => calledNs.push(clock.nowNs()));
        assert.equal(calledNs.length, 0, 'called before at() returned');
        let after = false;
        await run(() => calledNs.length > 0);
        clock.at(clock.nowNs() + 3 * MS, () => {
          after = true;
        });
        await run(() => after);
        assert.equal(calledNs.length, 1);
        assert.ok((calledNs[0] ?? 0) >= atNs, `${(calledNs[0] ?? 0) - atNs} ns early`);
      }
    });

    test('takes a time that has passed as now', async () => {
      const { clock, run } = make();
      let called = false;
      clock.at(clock.nowNs() - 1e9, () => {
        called = true;
      });
      assert.equal(called, false);
      await run(() => called);
      assert.equal(called, true);
    });

    test('keeps the order of times that lie apart', async () => {
      const { clock, run } = make();
      const order: number[] = [];
      const startNs = clock.nowNs();
      for (const ms of [30, 10, 20]) clock.at(startNs + ms * MS, () => order.push(ms));
      await run(() => order.length === 3);
      assert.deepEqual(order, [10, 20, 30]);
    });

    test('a cancelled action is never called, and cancelling twice or too late does no harm', async () => {
      const { clock, run } = make();
      let called = 0;
      let done = false;
      const cancel = clock.at(clock.nowNs() + 2 * MS, () => called++);
      cancel();
      cancel();
      const late = clock.at(clock.nowNs() + 5 * MS, () => {
        done = true;
      });
      await run(() => done);
      late();
      assert.equal(called, 0);
      assert.equal(done, true);
    });
  });
}
