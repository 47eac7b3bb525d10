import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bellOf, between, bitsOf, pick, randomOf } from './prng.ts';

test('a seed and a stream give the same words for ever', () => {
  const bits = bitsOf(42, 1);
  assert.deepEqual([bits(), bits(), bits()], [3990532763, 4017904203, 212491650]);
});

test('neighbouring seeds and streams share nothing', () => {
  const first = (seed: number, stream: number): number => bitsOf(seed, stream)();
  const words = new Set<number>();
  for (let seed = 0; seed < 200; seed += 1) {
    for (let stream = 0; stream < 8; stream += 1) words.add(first(seed, stream));
  }
  assert.equal(words.size, 1600);
});

test('numbers lie in [0, 1) and are even', () => {
  const random = randomOf(7, 0);
  const bins = new Array<number>(10).fill(0);
  for (let n = 0; n < 20_000; n += 1) {
    const bin = Math.floor(random() * 10);
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  assert.equal(bins.length, 10);
  for (const count of bins) assert.ok(Math.abs(count - 2000) < 200, String(bins));
});

test('bell-shaped noise has mean 0 and deviation 1', () => {
  const bits = bitsOf(9, 0);
  let sum = 0;
  let square = 0;
  for (let n = 0; n < 50_000; n += 1) {
    const value = bellOf(bits());
    sum += value;
    square += value * value;
  }
  assert.ok(Math.abs(sum / 50_000) < 0.02);
  assert.ok(Math.abs(square / 50_000 - 1) < 0.03);
});

test('between keeps to its range and pick to its list', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const random = randomOf(seed, 3);
      const value = between(random, -2, 5);
      assert.ok(value >= -2 && value < 5);
      assert.ok(['a', 'b', 'c'].includes(pick(random, 'a', 'b', 'c')));
    }),
  );
  const random = randomOf(1, 1);
  assert.equal(new Set(Array.from({ length: 60 }, () => pick(random, 'a', 'b', 'c'))).size, 3);
});
