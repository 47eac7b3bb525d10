import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import type { Clock } from '../../agent/ports/clock.ts';
import type { TriggerSource } from '../../agent/ports/trigger.ts';

/** A trigger source that is not started yet. */
export interface TriggerUnderTest {
  readonly source: TriggerSource;
  readonly clock: Clock;
  /** Makes a part come. */
  poke(): void | Promise<void>;
  /** Lets time pass until `done`, for a bounded time. */
  run(done: () => boolean): Promise<void>;
  close?(): Promise<void>;
}

/** What every trigger source keeps. */
export function triggerContract(name: string, make: () => Promise<TriggerUnderTest>): void {
  describe(`trigger: ${name}`, () => {
    let current: TriggerUnderTest | undefined;
    afterEach(async () => {
      await current?.source.stop();
      await current?.close?.();
    });

    test('fires once per part, with times of the clock that never go back', async () => {
      current = await make();
      const { source, clock, poke, run } = current;
      const fired: number[] = [];
      const startNs = clock.nowNs();
      await source.start((atNs) => fired.push(atNs));
      for (let part = 1; part <= 5; part++) {
        await poke();
        await run(() => fired.length >= part);
        assert.equal(fired.length, part);
      }
      assert.deepEqual(
        fired,
        fired.toSorted((a, b) => a - b),
      );
      assert.ok((fired[0] ?? 0) >= startNs && (fired.at(-1) ?? Number.POSITIVE_INFINITY) <= clock.nowNs());
    });

    test('is silent once it is stopped, which may be done twice or before it was started', async () => {
      current = await make();
      const { source, clock, poke, run } = current;
      await source.stop();
      const fired: number[] = [];
      await source.start((atNs) => fired.push(atNs));
      await poke();
      await run(() => fired.length > 0);
      await source.stop();
      await source.stop();
      const before = fired.length;
      await poke();
      let later = false;
      clock.at(clock.nowNs() + 30e6, () => {
        later = true;
      });
      await run(() => later);
      assert.ok(later);
      assert.equal(fired.length, before);
    });
  });
}
