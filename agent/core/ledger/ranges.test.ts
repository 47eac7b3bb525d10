import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  countOf,
  highestOf,
  includes,
  missingUpTo,
  type Range,
  type Ranges,
  spoken,
  without,
  withRange,
  withRanges,
} from './ranges.ts';

const range = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.nat(12)).map(([from, more]): Range => [from, from + more]);
const list = fc.array(range, { maxLength: 12 });

function numbers(ranges: Ranges): Set<number> {
  return new Set(ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, index) => from + index)));
}

function minus(set: ReadonlySet<number>, taken: ReadonlySet<number>): Set<number> {
  return new Set([...set].filter((n) => !taken.has(n)));
}

function sorted(set: ReadonlySet<number>): number[] {
  return [...set].sort((a, b) => a - b);
}

test('ranges: adding, taking away, counting and asking agree with a set of numbers', () => {
  fc.assert(
    fc.property(list, list, fc.nat(60), (a, b, n) => {
      const [left, right] = [withRanges([], a), withRanges([], b)];
      assert.deepEqual(sorted(numbers(left)), sorted(numbers(a)));
      assert.deepEqual(sorted(numbers(without(left, right))), sorted(minus(numbers(a), numbers(b))));
      const upToN = new Set(Array.from({ length: n }, (_, index) => index + 1));
      assert.deepEqual(sorted(numbers(missingUpTo(left, n))), sorted(minus(upToN, numbers(a))));
      assert.equal(countOf(left), numbers(a).size);
      assert.equal(highestOf(left), Math.max(0, ...numbers(a)));
      assert.equal(includes(left, n), numbers(a).has(n));
    }),
    { numRuns: 500 },
  );
});

test('ranges: stay sorted and never touch', () => {
  fc.assert(
    fc.property(list, (added) => {
      const ranges = withRanges([], added);
      ranges.forEach(([from, to], index) => {
        assert.ok(from <= to);
        assert.ok(index === 0 || from > (ranges[index - 1]?.[1] ?? 0) + 1, JSON.stringify(ranges));
      });
    }),
  );
});

test('ranges: read well', () => {
  assert.equal(spoken(withRange([[3, 3]], [7, 9])), '3, 7 to 9');
  const many = Array.from({ length: 22 }, (_, index): Range => [index * 10 + 1, index * 10 + 2]);
  assert.match(spoken(many), /^1 to 2, .*, 191 to 192 and 4 more$/);
});
