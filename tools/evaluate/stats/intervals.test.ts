import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { randomOf } from '../../../agent/core/render/prng.ts';
import { exactInterval, trialsFor, upperBound } from './binomial.ts';
import { groupingOf, quantileOf, resamples } from './bootstrap.ts';
import { reliabilityOf } from './calibration.ts';
import { intervalsOf, Spread } from './intervals.ts';

function assertClose(actual: readonly number[], expected: readonly number[], within: number): void {
  assert.equal(actual.length, expected.length);
  for (const [at, value] of actual.entries()) {
    assert.ok(Math.abs(value - (expected[at] ?? Number.NaN)) <= within, `${actual} is not ${expected}`);
  }
}

test('exact interval: published values', () => {
  assertClose(exactInterval(0, 10), [0, 0.3085], 5e-5);
  assertClose(exactInterval(5, 10), [0.1871, 0.8129], 5e-5);
  assertClose(exactInterval(1, 20), [0.0013, 0.2487], 5e-5);
  assertClose(exactInterval(10, 10), [0.6915, 1], 5e-5);
  assert.deepEqual(exactInterval(0, 0), [0, 1]);
});

test('exact interval: at its ends the tails of the binomial distribution are 2.5 %', () => {
  const tail = (from: number, to: number, n: number, p: number) => {
    let total = 0;
    let choose = 1;
    for (let k = 0; k <= n; k += 1) {
      if (k >= from && k <= to) total += choose * p ** k * (1 - p) ** (n - k);
      choose = (choose * (n - k)) / (k + 1);
    }
    return total;
  };
  const trials = fc
    .integer({ min: 2, max: 60 })
    .chain((n) => fc.tuple(fc.integer({ min: 1, max: n - 1 }), fc.constant(n)));
  fc.assert(
    fc.property(trials, ([hits, n]) => {
      const [low, high] = exactInterval(hits, n);
      assertClose([tail(hits, n, n, low), tail(0, hits, n, high)], [0.025, 0.025], 1e-9);
    }),
  );
});

test('exact interval: the rule of three', () => {
  assertClose([upperBound(0, 300)], [1 - 0.05 ** (1 / 300)], 1e-9);
  assert.deepEqual([trialsFor(0.01), trialsFor(0.001), trialsFor(0)], [299, 2995, Number.POSITIVE_INFINITY]);
  assert.ok(upperBound(0, 20_000) < 3 / 20_000);
});

const pictures = (groups: number, each: number, label: (group: number) => string) =>
  Array.from({ length: groups * each }, (_, at) => {
    const group = Math.floor(at / each);
    return { label: label(group), group: `g${group}` };
  });

test('resamples: a group stays whole, and each stratum keeps its weight', () => {
  const trays = pictures(7, 5, (group) => (group < 3 ? 'good' : 'bad'));
  for (const weights of resamples(groupingOf(trays), 50, randomOf(1, 0))) {
    for (let group = 0; group < 7; group += 1) {
      assert.equal(new Set(weights.slice(group * 5, group * 5 + 5)).size, 1);
    }
    const total = (from: number, to: number) => weights.slice(from, to).reduce((sum, w) => sum + w, 0);
    assertClose([total(0, 15), total(15, 35)], [15, 20], 1e-9);
  }
});

test('resamples: groups of mixed labels form one stratum', () => {
  const mixed = pictures(4, 2, () => 'good').map((picture, at) => ({
    ...picture,
    label: at % 2 === 0 ? 'good' : 'bad',
  }));
  assert.deepEqual(
    groupingOf(mixed).strata.map((stratum) => stratum.length),
    [4],
  );
});

test('resamples: the same seed gives the same ones', () => {
  const grouping = groupingOf(pictures(9, 1, () => 'good'));
  const take = (seed: number) => [...resamples(grouping, 5, randomOf(seed, 0))].map((weights) => [...weights]);
  assert.deepEqual(take(1), take(1));
  assert.notDeepEqual(take(1), take(2));
});

/** How often the interval of a mean holds the true one, over data of groups that differ from each other. */
function coverage(groups: number, trials: number): number {
  const random = randomOf(42, groups);
  let held = 0;
  for (let trial = 0; trial < trials; trial += 1) {
    const tendencies = Array.from({ length: groups }, () => 0.6 + 0.4 * random());
    const parts = pictures(groups, 20, () => 'good');
    const hits = parts.map((_, at) => (random() < (tendencies[Math.floor(at / 20)] ?? 0) ? 1 : 0));
    const spread = new Spread();
    for (const weights of resamples(groupingOf(parts), 300, random)) {
      let [hit, total] = [0, 0];
      for (const [at, weight] of weights.entries()) {
        hit += weight * (hits[at] ?? 0);
        total += weight;
      }
      spread.add([['share', hit / total]]);
    }
    const [low, high] = spread.interval('share') ?? [0, 0];
    if (low <= 0.8 && 0.8 <= high) held += 1;
  }
  return held / trials;
}

test('bootstrap: the interval holds the truth about 95 times in 100, less where groups are few', () => {
  const [many, few] = [coverage(40, 300), coverage(5, 300)];
  assert.ok(many > 0.91 && many < 0.985, `with 40 groups it held ${many}`);
  assert.ok(few > 0.8, `with 5 groups it held ${few}`);
});

test('intervals: errors that did not happen still widen a share', () => {
  const spread = new Spread();
  for (let turn = 0; turn < 20; turn += 1)
    spread.add([
      ['escapes', 0],
      ['auc', 1],
    ]);
  const figures = new Map([
    ['escapes', { value: 0, shares: [{ hits: 0, total: 20 }] }],
    ['auc', { value: 1 }],
  ]);
  const intervals = intervalsOf(figures, spread);
  assertClose(intervals.get('escapes') ?? [], exactInterval(0, 20), 1e-12);
  assert.equal(intervals.get('auc'), undefined);
});

test('intervals: the mean of two shares, by hand', () => {
  const shares = [
    { hits: 10, total: 10 },
    { hits: 5, total: 10 },
  ];
  const interval = intervalsOf(new Map([['balanced', { value: 0.75, shares }]]), new Spread()).get('balanced');
  assertClose(interval ?? [], [0.75 - Math.hypot(0.3085, 0.3129) / 2, 0.75 + 0.3129 / 2], 1e-4);
});

test('intervals: none for what many resamples do not determine', () => {
  const spread = new Spread();
  for (let turn = 0; turn < 100; turn += 1) spread.add([['rare', turn < 10 ? Number.NaN : turn]]);
  assert.equal(spread.interval('rare'), undefined);
});

test('quantile: interpolates', () => {
  assert.deepEqual([quantileOf([1, 2, 3, 4], 0.5), quantileOf([1, 2], 0.25), quantileOf([7], 0.99)], [2.5, 1.25, 7]);
});

test('calibration: by hand', () => {
  const { bins, expectedCalibrationError } = reliabilityOf([0.05, 0.05, 0.95, 1], [false, true, true, true]);
  assert.deepEqual(
    bins.filter(({ pictures }) => pictures > 0).map(({ from, pictures, observed }) => [from, pictures, observed]),
    [
      [0, 2, 0.5],
      [0.9, 2, 1],
    ],
  );
  assertClose([expectedCalibrationError, bins[9]?.meanScore ?? 0], [(0.9 + 0.05) / 4, 0.975], 1e-12);
});
