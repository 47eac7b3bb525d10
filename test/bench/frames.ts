import type { Frame } from '../../agent/core/frame.ts';
import { randomOf } from '../../agent/core/render/prng.ts';

const WIDTH_PX = 1280;
const HEIGHT_PX = 720;

/** Bytes a pixel row times rows: NV12 has a full plane of grey and a quarter one of two colours. */
const BYTES = { nv12: WIDTH_PX * HEIGHT_PX * 1.5, rgb: WIDTH_PX * HEIGHT_PX * 3 } as const;

export type BenchFormat = keyof typeof BYTES;

/** A raw picture of 1280 x 720 as a camera delivers it: a slope with noise, always the same. */
export function rawFrame(format: BenchFormat): Frame {
  const random = randomOf(1, 0);
  const data = Uint8Array.from(
    { length: BYTES[format] },
    (_, i) => 40 + ((i % WIDTH_PX) >> 3) + Math.floor(20 * random()),
  );
  const strideBytes = format === 'rgb' ? 3 * WIDTH_PX : WIDTH_PX;
  return {
    data,
    format,
    widthPx: WIDTH_PX,
    heightPx: HEIGHT_PX,
    strideBytes,
    sensorNs: 0,
    clock: 'monotonic',
    sequence: 0,
  };
}
