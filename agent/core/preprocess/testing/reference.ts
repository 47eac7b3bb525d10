import type { Frame, PreprocessSpec } from '../../frame.ts';
import type { PixelRect } from '../region.ts';

/** A sample of a channel at a column and row of that channel. */
type Channel = { at: (column: number, row: number) => number; columnPx: number; rowPx: number };
type Taps = readonly { sample: number; weight: number }[];

/**
 * The tensor as numbers before rounding, straight from the definition in preprocess.h, in float64 and with nothing
 * shared with the C code: slow, for tests only.
 */
export function referenceTensor(frame: Frame, rect: PixelRect, spec: Omit<PreprocessSpec, 'region'>): Float64Array {
  const channels = channelsOf(frame).map((c) => resized(c, rect, spec.widthPx, spec.heightPx));
  const pixels = spec.widthPx * spec.heightPx;
  const depth = spec.colour === 'rgb' ? 3 : 1;
  const out = new Float64Array(pixels * depth);
  for (let i = 0; i < pixels; i += 1) {
    const rgb = toRgb(
      frame,
      channels.map((c) => c[i] ?? Number.NaN),
    );
    const [r, g, b] = rgb;
    out.set(depth === 3 ? rgb : [0.299 * r + 0.587 * g + 0.114 * b], i * depth);
  }
  return out.map((v) => Math.min(255, Math.max(0, v)));
}

function channelsOf(frame: Frame): Channel[] {
  const { data, strideBytes: stride, heightPx } = frame;
  const packed = (offset: number, step: number, columnPx: number): Channel => ({
    at: (column, row) => data[row * stride + offset + step * column] ?? Number.NaN,
    columnPx,
    rowPx: 1,
  });
  const shared = (offset: number): Channel => ({
    at: (column, row) => data[(heightPx + row) * stride + offset + 2 * column] ?? Number.NaN,
    columnPx: 2,
    rowPx: 2,
  });
  switch (frame.format) {
    case 'rgb':
      return [packed(0, 3, 1), packed(1, 3, 1), packed(2, 3, 1)];
    case 'grey':
      return [packed(0, 1, 1)];
    case 'nv12':
      return [packed(0, 1, 1), shared(0), shared(1)];
    case 'yuyv':
      return [packed(0, 2, 1), packed(1, 4, 2), packed(3, 4, 2)];
  }
}

function resized(channel: Channel, rect: PixelRect, width: number, height: number): number[] {
  const columns = axisTaps(rect.xPx, rect.widthPx, width, channel.columnPx);
  const rows = axisTaps(rect.yPx, rect.heightPx, height, channel.rowPx);
  return rows.flatMap((row) =>
    columns.map((column) => {
      let sum = 0;
      for (const r of row) for (const c of column) sum += r.weight * c.weight * channel.at(c.sample, r.sample);
      return sum;
    }),
  );
}

function axisTaps(start: number, length: number, cells: number, samplePx: number): Taps[] {
  const cellPx = length / cells;
  return Array.from({ length: cells }, (_, i) => {
    const from = start + i * cellPx;
    return cellPx >= samplePx
      ? areaTaps(from / samplePx, (from + cellPx) / samplePx)
      : linearTaps((from + cellPx / 2) / samplePx, start / samplePx, (start + length - 1) / samplePx);
  });
}

function areaTaps(from: number, to: number): Taps {
  const samples = Array.from({ length: Math.ceil(to) - Math.floor(from) }, (_, k) => Math.floor(from) + k);
  return samples
    .map((sample) => ({ sample, weight: (Math.min(to, sample + 1) - Math.max(from, sample)) / (to - from) }))
    .filter((tap) => tap.weight > 1e-9);
}

function linearTaps(centre: number, low: number, high: number): Taps {
  const clamp = (sample: number) => Math.min(Math.max(sample, Math.floor(low)), Math.floor(high));
  const left = Math.floor(centre - 0.5);
  const share = centre - 0.5 - left;
  return [
    { sample: clamp(left), weight: 1 - share },
    { sample: clamp(left + 1), weight: share },
  ];
}

/** Grey is R = G = B; YUV is BT.601, limited range. */
function toRgb(frame: Frame, [a = 0, b = 0, c = 0]: number[]): [number, number, number] {
  if (frame.format === 'rgb') return [a, b, c];
  if (frame.format === 'grey') return [a, a, a];
  const [y, pb, pr] = [(a - 16) / 219, (b - 128) / 224, (c - 128) / 224];
  const red = y + 1.402 * pr;
  const blue = y + 1.772 * pb;
  return [255 * red, (255 * (y - 0.299 * red - 0.114 * blue)) / 0.587, 255 * blue];
}

/** The largest difference between bytes and the numbers they should be; NaN where the lengths differ. */
export function worstDifference(bytes: Uint8Array, expected: Float64Array): number {
  if (bytes.length !== expected.length) return Number.NaN;
  return bytes.reduce((worst, byte, i) => Math.max(worst, Math.abs(byte - (expected[i] ?? Number.NaN))), 0);
}
