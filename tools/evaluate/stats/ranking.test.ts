import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Budget, borderFor } from './borders.ts';
import { sum } from './counts.ts';
import { areaUnderRoc, averagePrecision, curveOf, rankingOf, type Step, stepsOf } from './ranking.ts';

type Row = readonly [score: number, positive: boolean, weight: number];

function steps(rows: readonly Row[]): Step[] {
  const ranking = rankingOf(
    rows.map(([score]) => score),
    rows.map(([, positive]) => positive),
  );
  return stepsOf(
    ranking,
    Float64Array.from(rows, ([, , weight]) => weight),
  );
}

const row = fc.tuple(
  fc.nat(10).map((n) => n / 10),
  fc.boolean(),
  fc.integer({ min: 1, max: 3 }),
);
const bothKinds = fc
  .array(row, { minLength: 2, maxLength: 40 })
  .filter((rows) => rows.some(([, positive]) => positive) && rows.some(([, positive]) => !positive));

test('ranking: the area under the curve is the share of pairs in the right order, ties half', () => {
  fc.assert(
    fc.property(bothKinds, (rows) => {
      const [positives, negatives] = [rows.filter(([, is]) => is), rows.filter(([, is]) => !is)];
      const pairs = positives.flatMap(([a, , w]) => negatives.map(([b, , v]) => ({ a, b, weight: w * v })));
      const right = pairs.map(({ a, b, weight }) => (weight * (1 + Math.sign(a - b))) / 2);
      assert.ok(Math.abs(areaUnderRoc(steps(rows)) - sum(right) / sum(pairs.map(({ weight }) => weight))) < 1e-12);
    }),
  );
});

test('ranking: average precision by hand', () => {
  const found = steps([
    [0.9, true, 1],
    [0.8, false, 1],
    [0.7, true, 1],
    [0.6, true, 1],
    [0.6, false, 1],
  ]);
  assert.ok(Math.abs(averagePrecision(found) - (1 + 2 / 3 + 3 / 5) / 3) < 1e-12);
});

test('ranking: curves rise from the highest score to all stopped', () => {
  fc.assert(
    fc.property(bothKinds, fc.integer({ min: 1, max: 10 }), (rows, most) => {
      const curve = curveOf(steps(rows), most);
      assert.ok(curve.length <= most + 1);
      assert.deepEqual([curve.at(-1)?.falseRejects, curve.at(-1)?.detected], [1, 1]);
      for (const [at, point] of curve.slice(1).entries()) {
        const before = curve[at];
        assert.ok(before && point.falseRejects >= before.falseRejects && point.detected >= before.detected);
      }
    }),
  );
});

/** The false rejects and escapes of a border, counted one by one. */
function errorsAt(border: number, rows: readonly Row[]): Record<Budget['error'], number> {
  const share = (positive: boolean, wrong: (score: number) => boolean) => {
    const kind = rows.filter(([, is]) => is === positive);
    const weight = (some: readonly Row[]) => some.reduce((total, [, , w]) => total + w, 0);
    return weight(kind.filter(([score]) => wrong(score))) / weight(kind);
  };
  return { 'false-rejects': share(false, (score) => score >= border), escapes: share(true, (score) => score < border) };
}

test('borders: each keeps its budget, and no other border that does makes the other error smaller', () => {
  const anyBudget = fc.record({
    error: fc.constantFrom('false-rejects' as const, 'escapes' as const),
    share: fc.nat(19).map((n) => n / 20),
  });
  fc.assert(
    fc.property(bothKinds, anyBudget, (rows, budget) => {
      const border = borderFor(budget, steps(rows));
      const other = budget.error === 'escapes' ? 'false-rejects' : 'escapes';
      const candidates = [0, ...rows.map(([score]) => score), 1.5];
      const within = candidates.filter((at) => errorsAt(at, rows)[budget.error] <= budget.share + 1e-9);
      const best = Math.min(...within.map((at) => errorsAt(at, rows)[other]));
      if (Number.isNaN(border)) {
        assert.equal(best, 1);
        return;
      }
      const errors = errorsAt(border, rows);
      assert.ok(errors[budget.error] <= budget.share + 1e-9, `${border} gives ${JSON.stringify(errors)}`);
      assert.equal(errors[other], best);
    }),
    { numRuns: 500 },
  );
});

test('borders: none without good or without defective parts', () => {
  assert.ok(Number.isNaN(borderFor({ error: 'escapes', share: 0.1 }, steps([[0.5, true, 1]]))));
  assert.ok(Number.isNaN(borderFor({ error: 'false-rejects', share: 0.1 }, steps([[0.5, false, 1]]))));
});
