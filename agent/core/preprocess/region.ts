import type { Region } from '../frame.ts';

/** A rectangle of whole pixels inside a frame. */
export interface PixelRect {
  readonly xPx: number;
  readonly yPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

/**
 * The pixels that a region means in a frame of that size: each of its four edges goes to the nearest pixel edge (halves
 * up), and a region thinner than a pixel becomes one pixel. Odd edges are fine in every format: chroma is taken by
 * exact fractions, so nothing is moved to even pixels.
 */
export function regionPixels(region: Region, widthPx: number, heightPx: number): PixelRect {
  const [xPx, right] = edges(region.x, region.width, widthPx);
  const [yPx, bottom] = edges(region.y, region.height, heightPx);
  return { xPx, yPx, widthPx: right - xPx, heightPx: bottom - yPx };
}

function edges(start: number, length: number, wholePx: number): [number, number] {
  const first = Math.min(Math.round(start * wholePx), wholePx - 1);
  const end = Math.min(Math.round((start + length) * wholePx), wholePx);
  return [first, Math.max(end, first + 1)];
}
