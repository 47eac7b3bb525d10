import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from '../adapters/clock/virtual.ts';
import type { Frame } from '../core/frame.ts';
import type { Classification } from '../ports/classifier.ts';
import { FrameBook } from './frame-book.ts';
import { type InspectionTools, inspect } from './inspect.ts';

const frame: Frame = {
  data: new Uint8Array(3),
  format: 'rgb',
  widthPx: 1,
  heightPx: 1,
  strideBytes: 3,
  sensorNs: 0,
  clock: 'monotonic',
  sequence: 1,
};
const failed = (reason: Extract<Classification, { kind: 'failed' }>['reason']): Classification => {
  return { kind: 'failed', reason, detail: 'as the test wants it' };
};

/** Inspects one part that is classified so; gives how often its tensor was taken back. */
async function releasedAfter(answer: Classification): Promise<number> {
  const tensor = new Uint8Array(3);
  let released = 0;
  const tools: InspectionTools = {
    clock: new VirtualClock(),
    camera: { start: async () => {}, stop: async () => {}, capture: async () => ({ kind: 'frame', frame }) },
    classifier: { start: async () => {}, stop: async () => {}, classify: async () => answer },
    toTensor: {
      run: () => tensor,
      release: (given) => {
        assert.equal(given, tensor);
        released += 1;
      },
    },
    recipe: { labels: [{ name: 'good', kind: 'ok' }], decision: { minimumOk: 0.5, thresholds: {} } },
  };
  const subject = { part: 1, triggerNs: 0, signal: new AbortController().signal };
  await inspect(tools, new FrameBook(), subject, () => {});
  return released;
}

test('inspect: a tensor is taken back once it is answered, and not while an aborted request may still read it', async () => {
  assert.equal(await releasedAfter({ kind: 'scores', scores: [1], inferenceNs: 1 }), 1);
  assert.equal(await releasedAfter(failed('bad-answer')), 1);
  assert.equal(await releasedAfter(failed('classifier-down')), 1);
  assert.equal(await releasedAfter(failed('aborted')), 0);
});
