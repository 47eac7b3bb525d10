import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { DecisionRule } from '../../../agent/core/decide.ts';
import { confusionOf, stoppedFrom, sum, verdictCountsOf } from './counts.ts';
import { figuresOf } from './figures.ts';
import { rankingOf, stepsOf } from './ranking.ts';
import { type Sample, sampleOf } from './sample.ts';

const rule: DecisionRule = {
  labels: [
    { name: 'good', kind: 'ok' },
    { name: 'scratch', kind: 'defect' },
    { name: 'dent', kind: 'defect' },
  ],
  decision: {
    minimumOk: 0.5,
    thresholds: { scratch: { review: 0.3, reject: 0.6 }, dent: { review: 0.3, reject: 0.6 } },
  },
};

function sample(...rows: readonly (readonly [label: string, ...scores: number[]])[]): Sample {
  return sampleOf(
    rule,
    rows.map(([label, ...scores], at) => ({ file: `${at}.png`, label, group: String(at), scores })),
  );
}

/** 4 good (3 named good), 3 scratches (2 named scratch, 1 dent), 3 dents (1 named dent, 2 good). */
const ten = sample(
  ['good', 0.9, 0.05, 0.05],
  ['good', 0.8, 0.1, 0.1],
  ['good', 0.6, 0.35, 0.05],
  ['good', 0.2, 0.7, 0.1],
  ['scratch', 0.1, 0.8, 0.1],
  ['scratch', 0.3, 0.5, 0.2],
  ['scratch', 0.1, 0.2, 0.7],
  ['dent', 0.05, 0.05, 0.9],
  ['dent', 0.7, 0.1, 0.2],
  ['dent', 0.45, 0.15, 0.4],
);
const ones = (count: number): Float64Array => new Float64Array(count).fill(1);

function valuesOf(
  of: Sample,
  borders: readonly number[] = [],
  weights = ones(of.truth.length),
): Record<string, number> {
  const steps = stepsOf(rankingOf(of.defectScore, of.defective), weights);
  const figures = figuresOf(of, steps, borders, weights);
  return Object.fromEntries([...figures].map(([name, { value }]) => [name, Math.round(value * 1e9) / 1e9]));
}

test('figures: ten pictures, computed by hand', () => {
  const weights = ones(10);
  assert.deepEqual(confusionOf(ten, weights), [
    [3, 1, 0],
    [0, 2, 1],
    [2, 0, 1],
  ]);
  assert.deepEqual(verdictCountsOf(ten, weights), {
    ok: { pass: 2, review: 1, reject: 1 },
    defect: { pass: 1, review: 2, reject: 3 },
  });
  const values = valuesOf(ten);
  const third = 0.333333333;
  assert.equal(values['accuracy'], 0.6);
  assert.equal(values['balancedAccuracy'], Math.round(((0.75 + 2 / 3 + 1 / 3) / 3) * 1e9) / 1e9);
  assert.deepEqual([values['classes.good.precision'], values['classes.good.recall']], [0.6, 0.75]);
  assert.equal(values['classes.good.f1'], 0.666666667);
  assert.deepEqual([values['classes.dent.precision'], values['classes.dent.recall']], [0.5, third]);
  assert.equal(values['classes.dent.f1'], 0.4);
  assert.deepEqual([values['okDefect.okRecall'], values['okDefect.defectRecall']], [0.75, 0.666666667]);
  assert.equal(values['okDefect.accuracy'], 0.7);
  assert.equal(values['okDefect.balancedAccuracy'], 0.708333333);
  assert.deepEqual([values['verdicts.falseRejects'], values['verdicts.reviews']], [0.5, 0.3]);
  assert.deepEqual([values['verdicts.escapes'], values['verdicts.balancedAccuracy']], [0.166666667, 0.666666667]);
});

test('figures: what a border on the defect score does', () => {
  const values = valuesOf(ten, [0.25, 0.75]);
  assert.deepEqual([values['borders.0.falseRejects'], values['borders.0.escapes']], [0.5, 0]);
  assert.deepEqual([values['borders.1.falseRejects'], values['borders.1.escapes']], [0.25, 0.5]);
});

test('figures: a label without pictures is left out of the balance, and has no recall', () => {
  const values = valuesOf(sample(['good', 0.9, 0.1, 0], ['scratch', 0.9, 0.1, 0], ['scratch', 0, 1, 0]));
  assert.equal(values['balancedAccuracy'], 0.75);
  assert.ok(Number.isNaN(values['classes.dent.recall']));
  assert.ok(Number.isNaN(values['classes.dent.f1']));
});

test('figures: one kind only has no area under its curve', () => {
  const values = valuesOf(sample(['good', 0.9, 0.1, 0]));
  assert.ok(Number.isNaN(values['auc']) && Number.isNaN(values['verdicts.escapes']));
  assert.equal(values['verdicts.falseRejects'], 0);
});

const scored = fc
  .tuple(fc.constantFrom('good', 'scratch', 'dent'), fc.nat(20), fc.nat(20), fc.nat(20))
  .map(([label, a, b, c]) => [label, ...[a + 1, b, c].map((part) => part / (a + b + c + 1))] as const);

test('figures: a weight counts like as many copies, and counts add up', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(scored, fc.nat(3)), { minLength: 1, maxLength: 25 }), (rows) => {
      const copies = rows.flatMap(([row, weight]) => Array.from({ length: weight }, () => row));
      const weights = Float64Array.from(rows, ([, weight]) => weight);
      const weighted = sample(...rows.map(([row]) => row));
      assert.deepEqual(valuesOf(weighted, [0.5], weights), valuesOf(sample(...copies), [0.5]));
      const total = sum(weights);
      assert.equal(sum(confusionOf(weighted, weights).flat()), total);
      for (const { ok, defect } of [verdictCountsOf(weighted, weights), stoppedFrom(weighted, 0.5, weights)]) {
        assert.equal(sum(Object.values(ok)) + sum(Object.values(defect)), total);
      }
    }),
  );
});

test('sample: scores that are none are refused', () => {
  assert.throws(() => sample(['good', 0.5, Number.NaN, 0.5]), { code: 'bad-model', message: /gave 0\.png scores/ });
  assert.throws(() => sample(['good', 0.5, 0.5]), { code: 'bad-model' });
  assert.throws(() => sample(['stain', 1, 0, 0]), { code: 'illegal-input' });
});
