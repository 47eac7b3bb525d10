import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LinegateError } from '../../core/errors.ts';
import { type Answer, readAnswer } from './answers.ts';
import { decodeScores, encodeFrame, encodeScores, FRAME_TYPES, FrameReader, MAX_ANSWER_BYTES } from './frames.ts';

const frame = fc
  .tuple(fc.nat(255), fc.nat(0xffff_ffff), fc.uint8Array({ maxLength: 300 }))
  .map(([type, id, payload]) => ({ type, id, payload }));
const frames = fc.array(frame, { maxLength: 20 });

test('frames come out as they went in, however the bytes are cut', () => {
  fc.assert(
    fc.property(frames, fc.array(fc.nat(40), { minLength: 1 }), (sent, cuts) => {
      const bytes = Buffer.concat(sent.map(({ type, id, payload }) => encodeFrame(type, id, payload)));
      const reader = new FrameReader(300);
      const received: typeof sent = [];
      for (let at = 0, turn = 0; at < bytes.length; turn++) {
        const end = at + 1 + (cuts[turn % cuts.length] ?? 0);
        reader.push(bytes.subarray(at, end), ({ type, id, payload }) => {
          received.push({ type, id, payload: Uint8Array.from(payload) });
        });
        at = end;
      }
      assert.deepEqual(received, sent);
    }),
  );
});

test('whatever bytes come, the reader gives answers or a bad-message, and holds no more than one frame', () => {
  const start = fc.constantFrom(1, 3, 4, 9).chain((type) =>
    fc.tuple(fc.nat(5000), fc.nat(3)).map(([length, id]) => {
      const header = Buffer.alloc(9);
      header.writeUInt32LE(length, 0);
      header.writeUInt8(type, 4);
      header.writeUInt32LE(id, 5);
      return header;
    }),
  );
  const piece = fc.oneof(start, fc.uint8Array({ maxLength: 200 }));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const reader = new FrameReader(MAX_ANSWER_BYTES);
      const answers: Answer[] = [];
      try {
        for (const bytes of pieces) reader.push(Buffer.from(bytes), (frame) => answers.push(readAnswer(frame, 3)));
      } catch (error) {
        assert.ok(error instanceof LinegateError && error.code === 'bad-message', String(error));
      }
      answers.forEach(assertBounded);
    }),
    { numRuns: 500 },
  );
});

function assertBounded(answer: Answer): void {
  if (answer.kind === 'error') assert.ok(answer.text.length <= 500 && !/\p{Cc}/u.test(answer.text));
  if (answer.kind === 'scores') assert.equal(answer.scores.length, 3);
}

test('a frame of the greatest length passes and one byte more is refused', () => {
  const reader = new FrameReader(8);
  let taken = 0;
  reader.push(encodeFrame(3, 1, new Uint8Array(8)), () => taken++);
  assert.equal(taken, 1);
  const push = (): void => reader.push(encodeFrame(3, 1, new Uint8Array(9)), () => taken++);
  assert.throws(push, { code: 'bad-message', message: 'A frame of 9 bytes is longer than the 8 allowed.' });
});

test('scores go through their bytes', () => {
  const bytes = encodeScores(123_456_789n, Float32Array.of(0.25, 1, 0));
  assert.deepEqual(decodeScores(bytes, 3), { scores: [0.25, 1, 0], inferenceNs: 123_456_789 });
  assert.equal(decodeScores(bytes, 2), undefined);
  assert.equal(decodeScores(bytes.subarray(1), 3), undefined);
});

test('a hello must be exactly the one of this protocol', () => {
  const hello = {
    protocol: 1,
    engine: 'e',
    modelSha256: 'a'.repeat(64),
    input: { heightPx: 1, widthPx: 2, channels: 3 },
    labels: 2,
  };
  const read = (value: unknown): Answer => {
    const payload = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
    return readAnswer({ type: FRAME_TYPES.hello, id: 0, payload }, 2);
  };
  assert.deepEqual(read(hello), { kind: 'hello', hello });
  const bad = [
    '',
    '{',
    '[]',
    'null',
    { ...hello, protocol: 2 },
    { ...hello, more: 1 },
    { ...hello, labels: 0.5 },
    { ...hello, engine: '' },
    { ...hello, modelSha256: 'A'.repeat(64) },
    { ...hello, input: undefined },
  ];
  for (const value of bad) assert.throws(() => read(value), { code: 'bad-message' }, JSON.stringify(value));
});
