import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Judged } from './accuracy.ts';
import { differenceOf } from './difference.ts';

const labels = ['good', 'bad'];
const named = (label: string) => labels.map((name) => Number(name === label));
const judged = (group: string, label: string, float: string, quantised: string): Judged => ({
  label,
  group,
  float: named(float),
  quantised: named(quantised),
});
const anyLabel = fc.constantFrom(...labels);
const anyPicture = fc
  .tuple(fc.constantFrom('1', '2', '3', '4'), anyLabel, anyLabel, anyLabel)
  .map(([group, label, float, quantised]) => judged(group, label, float, quantised));

describe('differenceOf', () => {
  it('is 0 with no width for two models that name the same', () => {
    const pictures = fc.array(
      anyPicture.map((one) => ({ ...one, quantised: one.float })),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(pictures, (some) => {
        const { accuracy, balancedAccuracy } = differenceOf(labels, some);
        assert.deepEqual([accuracy, balancedAccuracy], Array(2).fill({ value: 0, interval: [0, 0] }));
      }),
      { numRuns: 10 },
    );
  });

  it('counts what only one of both names right', () => {
    // good: 4 pictures, INT8 loses one; bad: 2 pictures, INT8 wins one. In all 0 of 6, balanced (-1/4 + 1/2) / 2.
    const pictures = [
      judged('g1', 'good', 'good', 'bad'),
      judged('g1', 'good', 'good', 'good'),
      judged('g2', 'good', 'good', 'good'),
      judged('g2', 'good', 'bad', 'bad'),
      judged('b1', 'bad', 'good', 'bad'),
      judged('b2', 'bad', 'bad', 'bad'),
    ];
    const { accuracy, balancedAccuracy, groups } = differenceOf(labels, pictures);
    assert.equal(groups, 4);
    assert.equal(accuracy.value, 0);
    assert.equal(balancedAccuracy.value, 0.125);
    // Two groups a label: one of them is drawn, so good gives -1/2 or 0 and bad 1 or 0.
    assert.deepEqual(balancedAccuracy.interval, [-0.25, 0.5]);
    assert.deepEqual(accuracy.interval, [-2 / 6, 2 / 6]);
  });

  it('draws groups whole: many pictures of few groups say little', () => {
    const of = (groupOf: (at: number) => string) =>
      differenceOf(
        labels,
        Array.from({ length: 200 }, (_, at) => judged(groupOf(at), 'good', 'good', at < 20 ? 'bad' : 'good')),
      ).accuracy;
    const [apart, together] = [of((at) => `${at}`), of((at) => `${Math.floor(at / 20)}`)];
    assert.equal(apart.value, -0.1);
    assert.equal(together.value, -0.1);
    assert.ok(apart.interval[0] > -0.16 && apart.interval[1] < -0.05);
    assert.ok(together.interval[0] < -0.3 && together.interval[1] === 0);
  });

  it('is the same whatever the order of the pictures', () => {
    const pictures = fc.array(anyPicture, { minLength: 1, maxLength: 20 });
    const orders = pictures.chain((some) =>
      fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length })),
    );
    fc.assert(
      fc.property(orders, ([some, shuffled]) => {
        assert.deepEqual(differenceOf(labels, shuffled), differenceOf(labels, some));
      }),
      { numRuns: 20 },
    );
  });
});
