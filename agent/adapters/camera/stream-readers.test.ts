import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LinegateError } from '../../core/errors.ts';
import { PlainFrameReader } from './gstreamer-reader.ts';
import { rpicamSource } from './rpicam.ts';
import { RpicamReader } from './rpicam-reader.ts';
import type { FrameSink, StreamFrame, StreamReader } from './stream-source.ts';
import { v4l2Source } from './v4l2.ts';
import { V4L2_HEADER_BYTES } from './v4l2-reader.ts';

class Sink implements FrameSink {
  readonly frames: StreamFrame[] = [];
  streams = 0;
  damages = 0;
  room(sizeBytes: number): Uint8Array {
    return new Uint8Array(sizeBytes);
  }
  streaming(): void {
    this.streams++;
  }
  damaged(): void {
    this.damages++;
  }
  frame(frame: StreamFrame): void {
    this.frames.push(frame);
  }
}

const [widthPx, heightPx, strideBytes] = [8, 4, 10];
const source = v4l2Source({
  program: 'linegate-v4l2',
  device: '/dev/video0',
  format: 'nv12',
  widthPx,
  heightPx,
  framesPerSecond: 30,
  controls: {},
  latencyMs: 3,
});

interface Sent {
  readonly sequence: number;
  readonly stampNs: number;
  readonly fill: number;
}

function v4l2Record({ sequence, stampNs, fill }: Sent, sizeBytes = strideBytes * 6): Buffer {
  const record = Buffer.alloc(V4L2_HEADER_BYTES + sizeBytes, fill);
  record.fill(0, 0, V4L2_HEADER_BYTES);
  record.write('LGV4');
  [1, Buffer.from('NV12').readUInt32LE(), widthPx, heightPx, strideBytes, sizeBytes, sequence].forEach(
    (value, index) => {
      record.writeUInt32LE(value, 4 + 4 * index);
    },
  );
  record.writeBigUInt64LE(BigInt(stampNs), 32);
  record.writeUInt32LE(9, 44);
  return record;
}

const rpicamShape = { frameBytes: 48, strideBytes: 8, toMonotonicNs: (ns: number) => ns - 7, oldestNs: 2e8 };

function rpicamRecord({ stampNs, fill }: Sent): Buffer {
  const text = `ExposureTime=4989\nColourGains=[ 2.0, 1.5 ]\nSensorTimestamp=${stampNs}\nLux=400.000000\n\n`;
  return Buffer.concat([Buffer.alloc(48, fill), Buffer.from(text)]);
}

/** Pushes `bytes` cut where `cuts` say. */
function pushChunked(reader: StreamReader, bytes: Buffer, cuts: readonly number[], arrivedNs = 1e9): void {
  let at = 0;
  for (const size of [...cuts, bytes.length]) {
    if (at < bytes.length) reader.push(bytes.subarray(at, at + size), arrivedNs);
    at += size;
  }
}

const sentFrames = fc.array(
  fc.record({
    sequence: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    stampNs: fc.integer({ min: 1e9, max: 2 ** 50 }),
    fill: fc.integer({ min: 0, max: 255 }),
  }),
  { maxLength: 6 },
);
const cuts = fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 60 });

test('v4l2 reader: however the bytes are cut, each frame comes once, whole, with its time and number', () => {
  fc.assert(
    fc.property(sentFrames, cuts, fc.integer({ min: 1, max: 100 }), (sent, sizes, missing) => {
      const sink = new Sink();
      const hello = v4l2Record({ sequence: 0, stampNs: 0, fill: 0 }, 0);
      const truncated = v4l2Record({ sequence: 1, stampNs: 1, fill: 1 }).subarray(0, -missing);
      pushChunked(source.read(sink), Buffer.concat([hello, ...sent.map((each) => v4l2Record(each)), truncated]), sizes);
      assert.equal(sink.streams, 1);
      assert.deepEqual(
        sink.frames,
        sent.map(({ sequence, stampNs, fill }) => ({
          pixels: new Uint8Array(strideBytes * 6).fill(fill),
          sensorNs: stampNs - 3e6,
          sequence,
          strideBytes,
          dropped: 9,
        })),
      );
    }),
  );
});

test('rpicam reader: however the bytes are cut, each frame comes once with the time that follows it', () => {
  fc.assert(
    fc.property(sentFrames, cuts, (sent, sizes) => {
      const sink = new Sink();
      const reader = new RpicamReader({ ...rpicamShape, oldestNs: Number.POSITIVE_INFINITY }, sink);
      pushChunked(reader, Buffer.concat([...sent.map(rpicamRecord), Buffer.alloc(47)]), sizes);
      assert.deepEqual(
        sink.frames,
        sent.map(({ stampNs, fill }, sequence) => ({
          pixels: new Uint8Array(48).fill(fill),
          sensorNs: stampNs - 7,
          sequence,
          strideBytes: 8,
        })),
      );
    }),
  );
});

test('gstreamer reader: however the bytes are cut, each frame has the time of its first byte', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 5 }), cuts, (count, sizes) => {
      const sink = new Sink();
      const reader = new PlainFrameReader({ frameBytes: 48, strideBytes: 8, latencyNs: 5 }, sink);
      const bytes = Buffer.concat([...Array(count).keys()].map((fill) => Buffer.alloc(48, fill)));
      let at = 0;
      const firstByteNs: number[] = [];
      for (const size of [...sizes, bytes.length]) {
        const chunk = bytes.subarray(at, at + size);
        for (let frame = Math.ceil(at / 48); frame * 48 < at + chunk.length; frame++) firstByteNs.push(at);
        reader.push(chunk, at);
        at += chunk.length;
      }
      assert.deepEqual(
        sink.frames.map(({ pixels, sensorNs }) => [pixels[0], pixels[47], sensorNs]),
        firstByteNs.map((ns, frame) => [frame, frame, ns - 5]),
      );
    }),
  );
});

test('v4l2 and rpicam readers: garbage is refused with a sentence, never anything worse', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 2000 }), cuts, (garbage, sizes) => {
      for (const make of [(sink: Sink) => source.read(sink), (sink: Sink) => new RpicamReader(rpicamShape, sink)]) {
        const sink = new Sink();
        try {
          pushChunked(make(sink), Buffer.from(garbage), sizes);
        } catch (error) {
          assert.ok(error instanceof LinegateError && error.code === 'bad-message' && error.message.endsWith('.'));
        }
        assert.deepEqual(sink.frames, []);
      }
    }),
  );
});

test('v4l2 reader: one flipped byte of a header never gives a frame of another shape', () => {
  const good = v4l2Record({ sequence: 5, stampNs: 1e9, fill: 3 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 27 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] ?? 0) ^ change;
      const sink = new Sink();
      assert.throws(() => source.read(sink).push(bad, 1e9), { code: 'bad-message' });
      assert.deepEqual(sink.frames, []);
    }),
  );
});

test('rpicam reader: padded rows, missing times and endless text are told apart from frames', () => {
  const push = (...parts: (string | Buffer)[]): Sink => {
    const sink = new Sink();
    new RpicamReader(rpicamShape, sink).push(Buffer.concat(parts.map((part) => Buffer.from(part))), 1.1e9);
    return sink;
  };
  assert.throws(() => push(Buffer.alloc(60)), { message: /the camera pads its rows, so choose another width\.$/ });
  assert.throws(() => push(Buffer.alloc(48), 'Lux=4\n\n'), { message: 'its metadata has no SensorTimestamp.' });
  assert.throws(() => push(Buffer.alloc(48), 'x'.repeat(70_000)), { code: 'bad-message' });
  const late = push(rpicamRecord({ sequence: 0, stampNs: 8e8, fill: 1 }));
  assert.deepEqual([late.frames.length, late.damages], [0, 1]);
});

test('rpicam: the planes of colour are interleaved, and the settings are fixed', () => {
  const camera = { camera: 1, widthPx: 4, heightPx: 2, framesPerSecond: 30, shutterUs: 5000, gain: 2 };
  const pi = rpicamSource({ ...camera, awbGains: { red: 1.8, blue: 2.2 } });
  const pixels = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 20, 21]);
  const { frame } = pi.toFrame({ pixels, sensorNs: 9, sequence: 0, strideBytes: 4 });
  assert.deepEqual([...frame.data], [1, 2, 3, 4, 5, 6, 7, 8, 10, 20, 11, 21]);
  assert.deepEqual([frame.format, frame.strideBytes, frame.clock, frame.sensorNs], ['nv12', 4, 'monotonic', 9]);
  const line = [pi.command.program, ...pi.command.arguments].join(' ');
  assert.equal(
    line,
    'rpicam-vid -n -t 0 --codec yuv420 --flush -o - --metadata - --metadata-format txt --camera 1 --width 4 --height 2 ' +
      '--framerate 30 --shutter 5000 --gain 2 --awbgains 1.8,2.2',
  );
});
