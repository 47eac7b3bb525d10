import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Manifest } from '../../../agent/core/recipe.ts';
import { chooseDecision } from './choose-decision.ts';
import { verdictShares } from './verdicts.ts';

const labels: Manifest['labels'] = [
  { name: 'good', kind: 'ok' },
  { name: 'bad', kind: 'defect' },
];

describe('chooseDecision', () => {
  it('puts the border into the middle of a gap and reviews near it', () => {
    const good = [0.9, 0.8, 0.95].map((okScore) => ({ ok: true, okScore }));
    const bad = [0.1, 0.2, 0.6].map((okScore) => ({ ok: false, okScore }));
    const decision = chooseDecision(labels, [...good, ...bad]);
    assert.ok(decision.minimumOk >= 0.69 && decision.minimumOk <= 0.72, String(decision.minimumOk));
    const { review = 0, reject = 0 } = decision.thresholds['bad'] ?? {};
    assert.equal(review, Math.round(100 * (1 - decision.minimumOk)) / 100);
    assert.equal(Math.round(100 * (reject - review)), 10);
  });

  it('weighs good parts kept and defects stopped alike, however rare one is', () => {
    const good = Array.from({ length: 100 }, () => ({ ok: true, okScore: 0.6 }));
    const { minimumOk } = chooseDecision(labels, [...good, { ok: false, okScore: 0.5 }]);
    assert.ok(minimumOk > 0.5 && minimumOk <= 0.6, String(minimumOk));
  });

  it('lets nothing pass that is as likely bad as good', () => {
    const scores = [0.3, 0.35, 0.9].map((okScore) => ({ ok: true, okScore }));
    assert.ok(chooseDecision(labels, [...scores, { ok: false, okScore: 0.1 }]).minimumOk >= 0.5);
  });

  it('gives every defect its thresholds', () => {
    const many: Manifest['labels'] = [...labels, { name: 'crack', kind: 'defect' }];
    assert.deepEqual(Object.keys(chooseDecision(many, [{ ok: true, okScore: 1 }]).thresholds), ['bad', 'crack']);
  });
});

describe('verdictShares', () => {
  it('counts escapes among defects, false rejects among good parts and reviews among all', () => {
    const decision = { minimumOk: 0.5, thresholds: { bad: { review: 0.5, reject: 0.7 } } };
    const pictures = [
      { label: 'good', scores: [0.9, 0.1] },
      { label: 'good', scores: [0.4, 0.6] },
      { label: 'bad', scores: [0.1, 0.9] },
      { label: 'bad', scores: [0.8, 0.2] },
    ];
    assert.deepEqual(verdictShares({ labels, decision }, pictures), { escapes: 0.5, falseRejects: 0.5, reviews: 0.25 });
  });
});
