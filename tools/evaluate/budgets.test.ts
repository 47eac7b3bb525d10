import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DecisionRule } from '../../agent/core/decide.ts';
import { choicesFor } from './budgets.ts';
import type { BudgetChoice } from './evaluation.ts';
import { measure } from './measure.ts';
import { sampleOf } from './stats/sample.ts';

const rule: DecisionRule = {
  labels: [
    { name: 'good', kind: 'ok' },
    { name: 'bad', kind: 'defect' },
  ],
  decision: { minimumOk: 0.5, thresholds: { bad: { review: 0.5, reject: 0.5 } } },
};

/** Each given as how many parts have a defect score. */
function choice(
  good: Record<string, number>,
  bad: Record<string, number>,
  error: BudgetChoice['budget']['error'],
  share: number,
) {
  const rows = [
    ['good', good],
    ['bad', bad],
  ] as const;
  const pictures = rows.flatMap(([label, counts]) =>
    Object.entries(counts).flatMap(([score, count]) =>
      Array.from({ length: count }, (_, at) => ({ label, at, scores: [1 - Number(score), Number(score)] })),
    ),
  );
  const scored = pictures.map(({ label, at, scores }) => ({
    file: `${label}${at}`,
    label,
    group: `${label}${at}-${scores}`,
    scores,
  }));
  const [found] = choicesFor(measure(sampleOf(rule, scored), [{ error, share }]));
  assert.ok(found);
  return found;
}

test('budgets: enough parts support the budget', () => {
  const { threshold, escapes, falseRejects, supported, words, upperBound } = choice(
    { '0.1': 900, '0.75': 100 },
    { '0.5': 1, '0.9': 399 },
    'escapes',
    0.02,
  );
  assert.deepEqual([threshold, escapes, falseRejects], [0.825, 0.0025, 0]);
  assert.ok(supported && upperBound !== null && upperBound < 0.02);
  assert.match(
    words,
    /gives 1 escapes in 400 defective parts and costs 0\.0\u00a0% false rejects\..* within the budget\.$/,
  );
});

test('budgets: too few parts are said to be too few, by the rule of three', () => {
  const { escapes, supported, words } = choice({ '0.1': 50 }, { '0.9': 60 }, 'escapes', 0.001);
  assert.deepEqual([escapes, supported], [0, false]);
  assert.match(words, /60 defective parts are too few .* no less than 5\.0\u00a0% \(3 in 60\); 2995 would be needed/);
});

test('budgets: parts enough, but more errors than the budget bears', () => {
  const { supported, words, falseRejects } = choice({ '0.1': 396, '0.6': 4 }, { '0.9': 10 }, 'false-rejects', 0.01);
  assert.deepEqual([supported, falseRejects], [false, 0.01]);
  assert.match(words, /gives 4 false rejects in 400 good parts .* which is above the budget\.$/);
});

test('budgets: nothing can be chosen where one kind is missing', () => {
  const { threshold, words, supported } = choice({ '0.1': 5 }, {}, 'escapes', 0.01);
  assert.deepEqual([threshold, supported], [null, false]);
  assert.match(words, /^No threshold keeps at most 1\u00a0% escapes on these pictures\.$/);
});
