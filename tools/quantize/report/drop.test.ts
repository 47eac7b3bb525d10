import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { evaluate, type Judged } from './accuracy.ts';
import { accuracyIntervals } from './accuracy-intervals.ts';
import { differenceOf } from './difference.ts';
import { checkDrop } from './drop.ts';

const labels = ['good', 'bad'];

/** An evaluation of 200 pictures, of which INT8 names `lost` wrongly that float names rightly. */
function evaluationOf(lost: number) {
  const judged: Judged[] = Array.from({ length: 200 }, (_, i) => ({
    label: 'good',
    group: String(i),
    float: [1, 0],
    quantised: i < lost ? [0, 1] : [1, 0],
  }));
  const verdicts = { escapes: 0, falseRejects: 0, reviews: 0 };
  const intervals = accuracyIntervals(labels, judged);
  const measured = { ...evaluate(labels, judged), difference: differenceOf(labels, judged) };
  return { ...measured, accuracyIntervals: intervals, verdicts, floatVerdicts: verdicts, changed: [] };
}

describe('checkDrop', () => {
  it('lets pass what loses as much as is allowed, and what was not measured', () => {
    checkDrop({ evaluation: evaluationOf(1) }, 0.5, 'out');
    checkDrop({ evaluation: evaluationOf(0) }, 0, 'out');
    checkDrop({}, 0, 'out');
  });

  it('refuses what loses more, with both figures', () => {
    assert.throws(() => checkDrop({ evaluation: evaluationOf(2) }, 0.5, 'out'), {
      code: 'bad-model',
      message: /loses 1\.00 points of accuracy \(95 %: 0\.00 to [23]\.\d\d\) on 200 pictures and --max-drop is 0\.5/,
    });
  });
});
