import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reasonOf } from '../../../../test/contracts/classifier.ts';
import type { Classification, Classifier } from '../../../ports/classifier.ts';
import type { Clock } from '../../../ports/clock.ts';
import { FaultyClassifier } from './classifier.ts';
import { FaultDice, type FaultRates } from './plan.ts';

const never = new AbortController().signal;

/** A clock whose time goes on when something is waited for. */
class HastyClock implements Clock {
  #nowNs = 0;

  nowNs(): number {
    return this.#nowNs;
  }

  wallMs(): number {
    return this.#nowNs / 1e6;
  }

  at(atNs: number, action: () => void): () => void {
    const timer = setImmediate(() => {
      this.#nowNs = Math.max(this.#nowNs, atNs);
      action();
    });
    return () => clearImmediate(timer);
  }
}

/** Answers with the tensor itself. */
const echo: Classifier = {
  start: async () => {},
  classify: async (tensor): Promise<Classification> => ({ kind: 'scores', scores: [...tensor], inferenceNs: 1 }),
  stop: async () => {},
};

function faulty(rates: FaultRates): { readonly classifier: FaultyClassifier; readonly clock: HastyClock } {
  const clock = new HastyClock();
  return {
    classifier: new FaultyClassifier({ classifier: echo, dice: new FaultDice(1, rates), clock, slowNs: 1e9 }),
    clock,
  };
}

test('faulty classifier: without faults it is the one behind it', async () => {
  const { classifier } = faulty({});
  const answer = await classifier.classify(Uint8Array.of(1, 0), never);
  assert.deepEqual(answer, { kind: 'scores', scores: [1, 0], inferenceNs: 1 });
});

test('faulty classifier: slow, it answers after the time given, or not at all when nobody waits', async () => {
  const { classifier, clock } = faulty({ 'classifier-slow': 1 });
  assert.equal(reasonOf(await classifier.classify(Uint8Array.of(1), never)), 'scores');
  assert.ok(clock.nowNs() >= 1e9);
  const abort = new AbortController();
  const given = classifier.classify(Uint8Array.of(1), abort.signal);
  const beforeNs = clock.nowNs();
  abort.abort();
  await given;
  assert.equal(clock.nowNs(), beforeNs);
});

test('faulty classifier: dead, it says so at once', async () => {
  const { classifier } = faulty({ 'classifier-dead': 1 });
  assert.equal(reasonOf(await classifier.classify(Uint8Array.of(1), never)), 'classifier-down');
});

test('faulty classifier: its rubbish is never one usable score for each label', async () => {
  const { classifier } = faulty({ 'classifier-garbage': 1 });
  const kinds = new Set<string>();
  for (let count = 0; count < 20; count += 1) {
    const answer = await classifier.classify(Uint8Array.of(1, 0), never);
    if (answer.kind !== 'scores') assert.fail(JSON.stringify(answer));
    kinds.add(answer.scores.length === 2 ? 'numbers' : 'count');
    assert.ok(answer.scores.length !== 2 || answer.scores.every(Number.isNaN));
  }
  assert.deepEqual([...kinds].sort(), ['count', 'numbers']);
});
