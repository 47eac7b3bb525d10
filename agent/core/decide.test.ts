import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Decision, type DecisionRule, decide } from './decide.ts';

const golden = JSON.parse(readFileSync(new URL('../../test/golden/decide.json', import.meta.url), 'utf8')) as {
  readonly rule: DecisionRule;
  readonly cases: readonly { readonly name: string; readonly scores: number[]; readonly expect: Decision | null }[];
};

for (const { name, scores, expect } of golden.cases) {
  test(`decide: ${name}`, () => assert.deepEqual(decide(golden.rule, scores) ?? null, expect));
}

test('decide: scores that are not numbers are not usable', () => {
  assert.equal(decide(golden.rule, [Number.NaN, 0, 0, 0]), undefined);
  assert.equal(decide(golden.rule, [Number.POSITIVE_INFINITY, 0, 0, 0]), undefined);
});

const score = fc.double({ min: 0, max: 1, noNaN: true });

test('decide: raising the score of a defect never turns a reject into anything milder', () => {
  fc.assert(
    fc.property(fc.tuple(score, score, score, score), score, (scores, more) => {
      const before = decide(golden.rule, scores);
      const after = decide(golden.rule, [scores[0], scores[1], Math.max(scores[2], more), scores[3]]);
      if (before?.verdict === 'reject') assert.equal(after?.verdict, 'reject');
    }),
  );
});

test('decide: nothing passes with a defect at its review threshold or with too little ok', () => {
  fc.assert(
    fc.property(fc.tuple(score, score, score, score), (scores) => {
      if (decide(golden.rule, scores)?.verdict !== 'pass') return;
      assert.ok(scores[2] < 0.2 && scores[3] < 0.1 && scores[0] + scores[1] >= 0.6);
    }),
  );
});
