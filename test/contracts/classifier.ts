import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import type { Classification, Classifier } from '../../agent/ports/classifier.ts';

/** A classifier that is not started yet, with what is known of it. */
export interface ClassifierUnderTest {
  readonly classifier: Classifier;
  /** Requests that may wait behind the one in flight. */
  readonly maxPending: number;
  /** Tensors of the right size, each with other scores. */
  readonly tensors: readonly Uint8Array[];
  expected(tensor: Uint8Array): readonly number[];
  /** Lets time pass until `work` has settled; rejects when that takes too long. */
  settle<T>(work: Promise<T>): Promise<T>;
}

const never = new AbortController().signal;

/** What every classifier keeps. */
export function classifierContract(name: string, make: () => Promise<ClassifierUnderTest>): void {
  describe(`classifier: ${name}`, () => {
    let current: ClassifierUnderTest | undefined;
    afterEach(async () => {
      await current?.settle(current.classifier.stop());
      current = undefined;
    });
    const started = async (): Promise<ClassifierUnderTest> => {
      current = await make();
      await current.settle(current.classifier.start());
      return current;
    };

    test('is down before it is started', async () => {
      current = await make();
      const [tensor = new Uint8Array()] = current.tensors;
      assert.equal(reasonOf(await current.classifier.classify(tensor, never)), 'classifier-down');
    });

    test('gives one score per label', async () => {
      const { classifier, tensors, expected, settle } = await started();
      for (const tensor of tensors) {
        const answer = await settle(classifier.classify(tensor.slice(), never));
        assertScores(answer, expected(tensor));
      }
    });

    test('leaves a tensor to its caller once it is answered', async () => {
      const { classifier, tensors, expected, settle } = await started();
      const reused = new Uint8Array(tensors[0]?.length ?? 0);
      for (const tensor of tensors) {
        reused.set(tensor);
        const answer = await settle(classifier.classify(reused, never));
        reused.fill(0);
        assertScores(answer, expected(tensor));
      }
    });

    test('answers many requests, each with its own scores, in order', async () => {
      const { classifier, tensors, expected, settle, maxPending } = await started();
      const order: number[] = [];
      const wanted = Array.from({ length: maxPending + 1 }, (_, i) => tensors[i % tensors.length] ?? new Uint8Array());
      const answers = wanted.map(async (tensor, index) => {
        const answer = await classifier.classify(tensor.slice(), never);
        order.push(index);
        return answer;
      });
      for (const [index, answer] of (await settle(Promise.all(answers))).entries()) {
        assertScores(answer, expected(wanted[index] ?? new Uint8Array()));
      }
      assert.deepEqual(order, [...wanted.keys()]);
    });

    test('lets no more wait than it may, and says overflow to the others', async () => {
      const { classifier, tensors, settle, maxPending } = await started();
      const [tensor = new Uint8Array()] = tensors;
      const answers = Array.from({ length: maxPending + 4 }, () => classifier.classify(tensor.slice(), never));
      const reasons = (await settle(Promise.all(answers))).map(reasonOf);
      assert.deepEqual(reasons, [...Array(maxPending + 1).fill('scores'), ...Array(3).fill('overflow')]);
    });

    test('an aborted request settles as aborted, wherever it is, and costs the others nothing', async () => {
      const { classifier, tensors, settle, expected } = await started();
      const [tensor = new Uint8Array()] = tensors;
      const inFlight = new AbortController();
      const waiting = new AbortController();
      const answers = [
        classifier.classify(tensor.slice(), inFlight.signal),
        classifier.classify(tensor.slice(), waiting.signal),
        classifier.classify(tensor.slice(), never),
        classifier.classify(tensor.slice(), AbortSignal.abort()),
      ];
      inFlight.abort();
      waiting.abort();
      const settled = await settle(Promise.all(answers));
      assert.deepEqual(settled.map(reasonOf), ['aborted', 'aborted', 'scores', 'aborted']);
      assertScores(settled[2], expected(tensor));
      assertScores(await settle(classifier.classify(tensor.slice(), never)), expected(tensor));
    });

    test('an abort after the answer does nothing', async () => {
      const { classifier, tensors, settle } = await started();
      const [tensor = new Uint8Array()] = tensors;
      const controller = new AbortController();
      assert.equal(reasonOf(await settle(classifier.classify(tensor.slice(), controller.signal))), 'scores');
      controller.abort();
      assert.equal(reasonOf(await settle(classifier.classify(tensor.slice(), never))), 'scores');
    });

    test('stopping fails what is open, may be done twice, and leaves it down', async () => {
      const { classifier, tensors, settle } = await started();
      const [tensor = new Uint8Array()] = tensors;
      const open = [1, 2, 3].map(() => classifier.classify(tensor.slice(), never));
      const stopped = [classifier.stop(), classifier.stop()];
      const reasons = (await settle(Promise.all(open))).map(reasonOf);
      await settle(Promise.all(stopped));
      assert.deepEqual(reasons, Array(3).fill('classifier-down'));
      assert.equal(reasonOf(await classifier.classify(tensor.slice(), never)), 'classifier-down');
    });
  });
}

/** `scores`, or the reason why there are none. */
export function reasonOf(answer: Classification): string {
  return answer.kind === 'failed' ? answer.reason : answer.kind;
}

function assertScores(answer: Classification | undefined, expected: readonly number[]): void {
  if (answer?.kind !== 'scores') assert.fail(JSON.stringify(answer));
  assert.equal(answer.scores.length, expected.length);
  for (const [index, score] of answer.scores.entries()) {
    assert.ok(Math.abs(score - (expected[index] ?? Number.NaN)) < 1e-4, `${answer.scores} instead of ${expected}`);
  }
  assert.ok(answer.inferenceNs >= 0);
}
