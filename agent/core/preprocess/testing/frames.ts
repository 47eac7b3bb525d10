import type { Frame, PixelFormat, PreprocessSpec, Region } from '../../frame.ts';
import type { PixelRect } from '../region.ts';

/** A job in whole pixels, and what its frame's bytes are. */
export interface Scene {
  readonly format: PixelFormat;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Bytes between the end of a row and the next. */
  readonly paddingBytes: number;
  readonly rect: PixelRect;
  readonly colour: PreprocessSpec['colour'];
  readonly tensorWidthPx: number;
  readonly tensorHeightPx: number;
}

/** Bytes of a row, without padding. */
export function rowBytes(format: PixelFormat, widthPx: number): number {
  const pairs = Math.ceil(widthPx / 2);
  return { rgb: 3 * widthPx, grey: widthPx, nv12: 2 * pairs, yuyv: 4 * pairs }[format];
}

/** Rows of all planes together. */
export function rowCount(format: PixelFormat, heightPx: number): number {
  return format === 'nv12' ? heightPx + Math.ceil(heightPx / 2) : heightPx;
}

/** The frame of a scene, each byte given by its row and its place in the row; the last row is not padded. */
export function frameOf(scene: Scene, byteAt: (row: number, index: number) => number): Frame {
  const { format, widthPx, heightPx } = scene;
  const bytes = rowBytes(format, widthPx);
  const strideBytes = bytes + scene.paddingBytes;
  const data = new Uint8Array(strideBytes * (rowCount(format, heightPx) - 1) + bytes);
  for (let i = 0; i < data.length; i += 1) data[i] = byteAt(Math.floor(i / strideBytes), i % strideBytes);
  return { data, format, widthPx, heightPx, strideBytes, sensorNs: 0, clock: 'monotonic', sequence: 0 };
}

/** Pixels of a frame as the fractions that a recipe gives. */
export function regionOf(rect: PixelRect, { widthPx, heightPx }: { widthPx: number; heightPx: number }): Region {
  return {
    x: rect.xPx / widthPx,
    y: rect.yPx / heightPx,
    width: rect.widthPx / widthPx,
    height: rect.heightPx / heightPx,
  };
}

/** The recipe's part of a scene. */
export function specOf(scene: Scene): PreprocessSpec {
  const { colour, tensorWidthPx, tensorHeightPx, rect } = scene;
  return { colour, widthPx: tensorWidthPx, heightPx: tensorHeightPx, region: regionOf(rect, scene) };
}

/** A byte that looks like chance but is the same for the same numbers everywhere (integer arithmetic only). */
export function noiseAt(seed: number, row: number, index: number): number {
  let hash = Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(row + 1, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return (hash ^ (hash >>> 15)) & 0xff;
}
