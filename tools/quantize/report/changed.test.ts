import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DecisionRule } from '../../../agent/core/decide.ts';
import { changedPictures, commonFolder } from './changed.ts';

const rule: DecisionRule = {
  labels: [
    { name: 'good', kind: 'ok' },
    { name: 'bad', kind: 'defect' },
  ],
  decision: { minimumOk: 0.5, thresholds: { bad: { review: 0.5, reject: 0.7 } } },
};
const scores = { pass: [0.9, 0.1], review: [0.4, 0.6], reject: [0.1, 0.9] };
type Verdict = keyof typeof scores;
const picture = (file: string, label: string, float: Verdict, quantised: Verdict) => ({
  file: `/data/parts/${file}`,
  label,
  float: scores[float],
  quantised: scores[quantised],
});

describe('changedPictures', () => {
  it('are those with another verdict, what INT8 loses first, with names below the common folder', () => {
    const changed = changedPictures(rule, [
      picture('bad/1.png', 'bad', 'reject', 'review'),
      picture('bad/2.png', 'bad', 'pass', 'review'),
      picture('bad/3.png', 'bad', 'reject', 'pass'),
      picture('bad/4.png', 'bad', 'reject', 'reject'),
      picture('good/5.png', 'good', 'pass', 'review'),
    ]);
    assert.deepEqual(
      changed.map(({ file, effect }) => `${file} ${effect}`),
      ['bad/3.png lost', 'good/5.png lost', 'bad/2.png won', 'bad/1.png same'],
    );
    assert.deepEqual(changed[0]?.int8, { verdict: 'pass', label: 'good', score: 0.9 });
  });
});

describe('commonFolder', () => {
  it('is the deepest one above all files', () => {
    assert.equal(commonFolder(['/a/b/c/1', '/a/b/d/2']), '/a/b');
    assert.equal(commonFolder(['/a/b/c/1', '/a/b/c/2']), '/a/b/c');
    assert.equal(commonFolder(['/a/bc/1', '/a/b/2']), '/a');
    assert.equal(commonFolder(['/a/1', '/b/2']), '/');
  });
});
