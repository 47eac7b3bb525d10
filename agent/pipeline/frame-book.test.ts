import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClockWatch } from './clock-watch.ts';
import { FrameBook } from './frame-book.ts';

function frame(sequence: number, sensorNs: number) {
  const size = { widthPx: 1, heightPx: 1, strideBytes: 1 };
  return { data: new Uint8Array(1), format: 'grey', ...size, sensorNs, clock: 'monotonic', sequence } as const;
}

test('frame book: a frame is for one part; a camera that counts anew gives new frames', () => {
  const book = new FrameBook();
  assert.equal(book.take(1, frame(5, 100)), undefined);
  assert.equal(book.take(2, frame(5, 100)), 1);
  assert.equal(book.take(3, frame(5, 900)), undefined);
  assert.equal(book.take(4, frame(5, 900)), 3);
});

test('frame book: keeps the newest 256 frames', () => {
  const book = new FrameBook();
  for (let sequence = 1; sequence <= 257; sequence += 1) book.take(sequence, frame(sequence, sequence));
  assert.equal(book.take(999, frame(2, 2)), 2);
  assert.equal(book.take(999, frame(1, 1)), undefined);
});

test('clock watch: tells a step of more than a second once, and nothing of time that passes or drifts', () => {
  let nowNs = 0;
  let wallMs = 1_000_000;
  const watch = new ClockWatch({ nowNs: () => nowNs, wallMs: () => wallMs, at: () => () => {} });
  assert.equal(watch.look(), null);
  nowNs += 5e9;
  wallMs += 5900;
  assert.equal(watch.look(), null);
  nowNs += 1e9;
  wallMs += 1000 - 3_600_000;
  assert.deepEqual(watch.look(), { beforeWallMs: 1_006_900, afterWallMs: -2_593_100 });
  assert.equal(watch.look(), null);
});
