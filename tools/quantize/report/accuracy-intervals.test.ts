import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Judged } from './accuracy.ts';
import { accuracyIntervals } from './accuracy-intervals.ts';

const labels = ['good', 'bad'];
const picture = (group: number, right: boolean): Judged => ({
  label: 'good',
  group: String(group),
  float: right ? [1, 0] : [0, 1],
  quantised: [1, 0],
});

describe('accuracyIntervals', () => {
  const pictures = Array.from({ length: 40 }, (_, i) => picture(Math.floor(i / 10), i % 4 !== 0 || i > 19));
  const { float, int8 } = accuracyIntervals(labels, pictures);

  it('holds the accuracy of each model', () => {
    const right = pictures.filter(({ float: scores }) => scores[0] === 1).length / 40;
    assert.ok(float[0] < right && right < float[1], `${float}`);
  });

  it('does not believe that errors which did not happen never will: Clopper and Pearson for 40 of 40', () => {
    assert.equal(int8[1], 1);
    assert.ok(Math.abs(int8[0] - 0.025 ** (1 / 40)) < 1e-6, `${int8}`);
  });

  it('does not depend on the order of the pictures', () => {
    assert.deepEqual(accuracyIntervals(labels, pictures.toReversed()), { float, int8 });
  });
});
