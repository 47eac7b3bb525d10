import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FrameSink, StreamSource } from '../../adapters/camera/stream-source.ts';
import { measureStream } from './stream.ts';

/** A camera that is a shell script; each byte it prints is a frame, 33 ms after the one before, `x` stands for a lost one. */
function scriptedSource(script: string): StreamSource {
  return {
    name: '/dev/video7',
    command: { program: 'sh', arguments: ['-c', script], output: 1 },
    read: (sink: FrameSink) => {
      let sequence = 0;
      return {
        push: (bytes) => {
          for (const byte of bytes) {
            if (byte === 'x'.charCodeAt(0)) sequence += 1;
            else {
              sink.frame({ pixels: sink.room(4), sensorNs: sequence * 33e6, sequence, strideBytes: 2 });
              sequence += 1;
            }
          }
        },
      };
    },
    toFrame: ({ pixels: data, sensorNs, strideBytes }) => ({
      frame: { data, format: 'grey', widthPx: 2, heightPx: 2, strideBytes, sensorNs, clock: 'monotonic' },
      shared: true,
    }),
  };
}

const measure = (script: string) =>
  measureStream({ source: scriptedSource(script), widthPx: 2, heightPx: 2, format: 'grey' }, 0.3);

test('stream: frames by the sensor’s own times, and those that are missing', async () => {
  const look = await measure('printf "ffffxfffff"; exec sleep 5');
  assert.ok(look.kind === 'seen', JSON.stringify(look));
  assert.deepEqual([look.frames, look.seconds, look.missed, look.longestGapMs], [8, 0.297, 1, 66]);
  assert.equal(look.clock, 'monotonic');
});

test('stream: a program that ends, that is missing, that says that the camera is busy', async () => {
  const ended = await measure('echo "The camera /dev/video7 is gone." >&2; exit 4');
  assert.deepEqual(ended, { kind: 'failed', detail: 'The camera /dev/video7 is gone.' });
  const mute = await measure('exit 1');
  assert.match(
    'detail' in mute ? mute.detail : '',
    /^The camera \/dev\/video7 gives no frames: it ended with status 1\.$/,
  );
  const busy = await measure('echo "The camera /dev/video7 cannot stream: Device or resource busy." >&2; exit 4');
  assert.equal(busy.kind, 'busy');
});
