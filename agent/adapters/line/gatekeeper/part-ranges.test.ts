import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PartRanges } from './part-ranges.ts';

test('part ranges: is the set of what was added, in whatever order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 60 }), (parts) => {
      const ranges = new PartRanges();
      for (const part of parts) ranges.add(part);
      const set = new Set(parts);
      for (let part = 0; part <= 42; part += 1) assert.equal(ranges.has(part), set.has(part), `part ${part}`);
      assert.equal(ranges.highest, Math.max(0, ...set));
      let runs = 0;
      for (const part of set) if (!set.has(part - 1)) runs += 1;
      assert.equal(ranges.rangeCount, runs, 'ranges that touch are one');
    }),
    { numRuns: 500 },
  );
});

test('part ranges: a million parts in order are one range', () => {
  const ranges = new PartRanges();
  for (let part = 7; part < 1_000_007; part += 1) ranges.add(part);
  assert.deepEqual([ranges.rangeCount, ranges.highest, ranges.has(6)], [1, 1_000_006, false]);
});
