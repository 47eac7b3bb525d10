import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bestFirst, type Candidate } from './choose-plan.ts';

describe('bestFirst', () => {
  const plan = { activations: new Map(), layers: new Map() };
  const candidate = (observer: Candidate['observer'], logitSqnrDb: number): Candidate => ({
    observer,
    plan,
    logitSqnrDb,
  });
  const order = (candidates: readonly Candidate[]) => bestFirst(candidates).map(({ observer }) => observer);

  it('puts the least noise first, and of equals that which came first', () => {
    assert.deepEqual(order([candidate('min-max', 30), candidate('mse', 31)]), ['mse', 'min-max']);
    assert.deepEqual(order([candidate('min-max', 30), candidate('mse', 30)]), ['min-max', 'mse']);
  });

  it('takes ranges that cut rare values off only where they are better by more than a decibel', () => {
    assert.deepEqual(order([candidate('percentile-99.99', 30.9), candidate('mse', 30)])[0], 'mse');
    assert.deepEqual(order([candidate('mse', 30), candidate('percentile-99.99', 31.1)])[0], 'percentile-99.99');
  });
});
