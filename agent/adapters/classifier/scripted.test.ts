import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classifierContract, reasonOf } from '../../../test/contracts/classifier.ts';
import { VirtualClock } from '../clock/virtual.ts';
import { ScriptedClassifier } from './scripted.ts';

const never = new AbortController().signal;
const answer = (tensor: Uint8Array): number[] => Array.from(tensor, (byte) => byte / 255);

classifierContract('scripted', async () => {
  const clock = new VirtualClock();
  return {
    classifier: new ScriptedClassifier({ clock, latencyMs: 5, answer }),
    maxPending: 8,
    tensors: [Uint8Array.of(1, 2), Uint8Array.of(255, 0)],
    expected: answer,
    settle: async (work) => {
      let settled = false;
      const mark = (): void => {
        settled = true;
      };
      work.then(mark, mark);
      await clock.run(() => settled);
      assert.ok(settled, 'nothing is left to do and it has not settled');
      return work;
    },
  };
});

test('classifier scripted: each answer takes its latency', async () => {
  const clock = new VirtualClock();
  const classifier = new ScriptedClassifier({ clock, latencyMs: 5, answer });
  await classifier.start();
  const atNs: number[] = [];
  for (let i = 0; i < 3; i++) void classifier.classify(Uint8Array.of(i), never).then(() => atNs.push(clock.nowNs()));
  await clock.run();
  assert.deepEqual(atNs, [5e6, 10e6, 15e6]);
});

test('classifier scripted: fails as the script says, all at once when it is made to, and recovers', async () => {
  const clock = new VirtualClock();
  const script = (tensor: Uint8Array): 'bad-answer' | number[] => (tensor[0] === 9 ? 'bad-answer' : [1]);
  const classifier = new ScriptedClassifier({ clock, latencyMs: 5, answer: script });
  await classifier.start();
  const bad = classifier.classify(Uint8Array.of(9), never);
  await clock.run();
  assert.equal(reasonOf(await bad), 'bad-answer');
  const open = [1, 2].map((byte) => classifier.classify(Uint8Array.of(byte), never));
  classifier.fail('The test pulls the plug.');
  assert.deepEqual((await Promise.all(open)).map(reasonOf), ['classifier-down', 'classifier-down']);
  assert.equal(reasonOf(await classifier.classify(Uint8Array.of(1), never)), 'classifier-down');
  await classifier.start();
  const again = classifier.classify(Uint8Array.of(1), never);
  await clock.run();
  assert.equal(reasonOf(await again), 'scores');
});
