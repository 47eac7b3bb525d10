import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { labelOrderWarnings } from './label-order.ts';

const pictures = ['good', 'good', 'bad', 'bad'].map((label) => ({ label }));
/** The first score is that of good parts. */
const goodFirst = [1, 0.9, 0.2, 0].map((good) => Float32Array.of(good, 1 - good));

describe('labelOrderWarnings', () => {
  it('is silent where the labels are in the order of the scores', () => {
    assert.deepEqual(labelOrderWarnings(['good', 'bad'], pictures, goodFirst), []);
  });

  it('tells of labels in another order', () => {
    const [warning, ...others] = labelOrderWarnings(['bad', 'good'], pictures, goodFirst);
    assert.match(warning ?? '', /names 0 % of the calibration pictures rightly and chance would 50 %.*\(bad, good\)/);
    assert.deepEqual(others, []);
  });
});
