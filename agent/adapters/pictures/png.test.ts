import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import sharp from 'sharp';
import type { Frame, PixelFormat } from '../../core/frame.ts';
import { encodePng } from './png.ts';
import { channelsOf, isWhole } from './rgb-rows.ts';

const when = { sensorNs: 0, clock: 'monotonic', sequence: 0 } as const;

function frameOf(
  format: PixelFormat,
  widthPx: number,
  heightPx: number,
  padding: number,
  fill: (i: number) => number,
): Frame {
  const even = widthPx + (widthPx % 2);
  const rowBytes = { grey: widthPx, rgb: widthPx * 3, nv12: even, yuyv: even * 2 }[format];
  const rows = format === 'nv12' ? heightPx + Math.ceil(heightPx / 2) : heightPx;
  const strideBytes = rowBytes + padding;
  const data = Uint8Array.from({ length: strideBytes * (rows - 1) + rowBytes }, (_, i) => fill(i));
  return { data, format, widthPx, heightPx, strideBytes, ...when };
}

async function decoded(frame: Frame): Promise<{ pixels: Buffer; width: number; height: number; channels: number }> {
  const image = sharp(await encodePng(frame), { failOn: 'warning' });
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  return { pixels: data, width: info.width, height: info.height, channels: info.channels };
}

test('png: rgb and grey frames of any size and stride come back as they were', async () => {
  const size = fc.integer({ min: 1, max: 40 });
  const format = fc.constantFrom<PixelFormat>('rgb', 'grey');
  await fc.assert(
    fc.asyncProperty(format, size, size, fc.nat(5), fc.nat(), async (format, width, height, padding, seed) => {
      const frame = frameOf(format, width, height, padding, (i) => (i * 7919 + seed) % 251);
      const back = await decoded(frame);
      const channels = channelsOf(format);
      assert.deepEqual([back.width, back.height], [width, height]);
      for (let y = 0; y < height; y++) {
        const row = frame.data.subarray(y * frame.strideBytes, y * frame.strideBytes + width * channels);
        const got = back.pixels.subarray(y * width * back.channels, (y + 1) * width * back.channels);
        for (const [i, value] of row.entries()) {
          assert.equal(got[Math.floor(i / channels) * back.channels + (i % channels)], value);
        }
      }
    }),
    { numRuns: 60 },
  );
});

const YUV = {
  black: { yuv: [16, 128, 128], rgb: [0, 0, 0] },
  white: { yuv: [235, 128, 128], rgb: [255, 255, 255] },
  red: { yuv: [81, 90, 240], rgb: [254, 0, 0] },
  green: { yuv: [145, 54, 34], rgb: [0, 255, 1] },
  blue: { yuv: [41, 240, 110], rgb: [0, 0, 255] },
  aboveRange: { yuv: [255, 128, 128], rgb: [255, 255, 255] },
  belowRange: { yuv: [0, 128, 128], rgb: [0, 0, 0] },
} as const;

for (const [name, { yuv, rgb }] of Object.entries(YUV)) {
  const [y, u, v] = yuv;
  test(`png: ${name} of a camera is ${rgb} (BT.601, limited range)`, async () => {
    for (const [width, height] of [
      [4, 4],
      [5, 3],
      [1, 1],
    ] as const) {
      const strideBytes = width + (width % 2) + 2;
      const nv12 = frameOf('nv12', width, height, 2, (i) =>
        i < strideBytes * height ? y : i % 2 === (strideBytes * height) % 2 ? u : v,
      );
      const yuyv = frameOf('yuyv', width, height, 4, (i) => [y, u, y, v][i % 4] ?? 0);
      for (const frame of [nv12, yuyv]) {
        const { pixels } = await decoded(frame);
        assert.equal(pixels.length, width * height * 3);
        for (const [i, value] of pixels.entries()) {
          assert.ok(Math.abs(value - (rgb[i % 3] ?? -9)) <= 1, `${frame.format}: ${[...pixels.subarray(0, 3)]}`);
        }
      }
    }
  });
}

test('png: chroma goes with its own pixels', async () => {
  const data = Uint8Array.of(16, 235, 100, 100, 16, 235, 100, 100, 128, 128, 90, 240);
  const nv12: Frame = { data, format: 'nv12', widthPx: 4, heightPx: 2, strideBytes: 4, ...when };
  const { pixels } = await decoded(nv12);
  assert.deepEqual([...pixels.subarray(0, 6)], [0, 0, 0, 255, 255, 255]);
  assert.deepEqual([...pixels.subarray(6, 9)], [...pixels.subarray(9, 12)]);
  assert.ok((pixels[6] ?? 0) > 200 && (pixels[7] ?? 255) < 60);
});

test('png: a frame with less data than its size promises is not whole', () => {
  for (const format of ['rgb', 'grey', 'nv12', 'yuyv'] as const) {
    const frame = frameOf(format, 5, 3, 1, () => 1);
    assert.ok(isWhole(frame), format);
    assert.ok(!isWhole({ ...frame, data: frame.data.subarray(1) }), format);
    assert.ok(!isWhole({ ...frame, strideBytes: frame.strideBytes - 2 }), format);
    for (const bad of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.ok(!isWhole({ ...frame, widthPx: bad }), `${format} ${bad}`);
      assert.ok(!isWhole({ ...frame, heightPx: bad }), `${format} ${bad}`);
    }
  }
});
