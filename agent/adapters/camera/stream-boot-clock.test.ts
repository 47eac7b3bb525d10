import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BootClock, type ClockReading } from './stream-boot-clock.ts';

/** Clocks that differ by `offsetNs`, each reading of which takes `stepNs`. */
function fakeClocks(startNs: number, offset: { ns: number }, stepNs: number): () => ClockReading {
  let nowNs = startNs;
  return () => {
    const beforeNs = nowNs;
    const readNs = nowNs + stepNs / 2;
    nowNs += stepNs;
    return { beforeNs, bootNs: Math.floor((readNs + offset.ns) / 1e7) * 1e7, afterNs: nowNs };
  };
}

test('boot clock: a computer that was never suspended has no offset, whenever it is asked', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e12 }), fc.integer({ min: 1e3, max: 1e6 }), (startNs, stepNs) => {
      const clock = new BootClock(fakeClocks(startNs, { ns: 0 }, stepNs));
      for (let n = 0; n < 20; n++) assert.equal(clock.toMonotonicNs(5e9), 5e9);
    }),
  );
});

test('boot clock: after a suspend the offset is known to 0.2 ms, and found again after the next one', () => {
  const offsets = fc.integer({ min: 2e7, max: 1e14 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e12 }), offsets, offsets, (startNs, firstNs, moreNs) => {
      const offset = { ns: firstNs };
      const clock = new BootClock(fakeClocks(startNs, offset, 2e4));
      assert.ok(Math.abs(clock.toMonotonicNs(firstNs + 1e9) - 1e9) <= 2e5);
      offset.ns += moreNs;
      assert.ok(Math.abs(clock.toMonotonicNs(offset.ns + 1e9) - 1e9) <= 2e5);
    }),
  );
});

test('boot clock: the clocks of this computer are read within their step', () => {
  const clock = new BootClock();
  const first = clock.toMonotonicNs(0);
  assert.ok(Math.abs(clock.toMonotonicNs(0) - first) <= 1e7);
});
