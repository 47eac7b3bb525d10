import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { labelOrderWarnings } from './label-order.ts';

const pictures = ['good', 'good', 'bad', 'bad'].map((label) => ({
  label,
  pixels: Uint8Array.of(Number(label === 'bad')),
}));
/** A model whose first score is that of good parts. */
const goodFirst = async ([bad = 0]: Uint8Array) => [1 - bad, bad];

describe('labelOrderWarnings', () => {
  it('is silent where the labels are in the order of the scores', async () => {
    assert.deepEqual(await labelOrderWarnings(['good', 'bad'], pictures, goodFirst), []);
  });

  it('tells of labels in another order', async () => {
    const [warning, ...others] = await labelOrderWarnings(['bad', 'good'], pictures, goodFirst);
    assert.match(warning ?? '', /names 0 % of the calibration pictures rightly and chance would 50 %.*\(bad, good\)/);
    assert.deepEqual(others, []);
  });
});
