import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { endHold, freeHold, type Hold, holdKey, longestHoldNs } from './hold.ts';
import { keysOf } from './keys.ts';

const ms = 1e6;
const gatekeeperNs = 200 * ms;

/** Spans that the gate is active for keys at these times: each message holds it for 200 ms. */
function activeSpans(keysNs: readonly number[], longestNs: number): { from: number; to: number }[] {
  let hold: Hold = freeHold;
  const spans: { from: number; to: number }[] = [];
  for (const nowNs of keysNs) {
    const moved = holdKey(hold, 1, nowNs, longestNs);
    hold = moved.hold;
    if (!moved.send) continue;
    const last = spans.at(-1);
    if (last !== undefined && nowNs <= last.to) last.to = nowNs + gatekeeperNs;
    else spans.push({ from: nowNs, to: nowNs + gatekeeperNs });
  }
  return spans;
}

test('hold: whatever keys come, the gate is never active for longer than the bound and 200 ms', () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 1500 }), { maxLength: 400 });
  fc.assert(
    fc.property(gaps, (all) => {
      let nowNs = 0;
      const keys = all.map((gap) => {
        nowNs += gap * ms;
        return nowNs;
      });
      for (const { from, to } of activeSpans(keys, longestHoldNs)) assert.ok(to - from <= longestHoldNs + gatekeeperNs);
    }),
  );
});

test('hold: a key that repeats for a minute moves the gate once, and again when it was let go', () => {
  const repeat = (from: number, count: number): number[] =>
    Array.from({ length: count }, (_, at) => from + at * 33 * ms);
  assert.equal(activeSpans(repeat(0, 1800), longestHoldNs).length, 1);
  const twice = activeSpans([...repeat(0, 1800), ...repeat(60_300 * ms, 10)], longestHoldNs);
  assert.equal(twice.length, 2);
  // The first repeat comes after half a second: the same press.
  assert.equal(activeSpans([0, 500 * ms, ...repeat(533 * ms, 1800)], longestHoldNs).at(-1)?.to, 3175 * ms);
});

test('hold: where one pulse is asked for, a held key gives one', () => {
  const keys = Array.from({ length: 100 }, (_, at) => at * 33 * ms);
  assert.deepEqual(activeSpans(keys, 1), [{ from: 0, to: gatekeeperNs }]);
});

test('hold: another key ends it until the key was let go', () => {
  const { hold } = holdKey(freeHold, 1, 0, longestHoldNs);
  const ended = endHold(hold, 100 * ms);
  assert.equal(holdKey(ended, 1, 133 * ms, longestHoldNs).send, false);
  assert.equal(holdKey(ended, 1, 950 * ms, longestHoldNs).send, true);
  assert.equal(holdKey(hold, 2, 33 * ms, longestHoldNs).send, false);
});

test('keys: what piled up is one press, and an arrow is no figure', () => {
  assert.deepEqual(keysOf('          '), ['space']);
  assert.deepEqual(keysOf('yes\r'), ['y', 'e', 's', 'enter']);
  assert.deepEqual(keysOf('\u001b[A'), ['other']);
  assert.deepEqual(keysOf('\u0003'), ['interrupt']);
});
