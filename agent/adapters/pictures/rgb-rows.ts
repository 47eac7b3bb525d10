import type { Frame, PixelFormat } from '../../core/frame.ts';

/** How many bytes a pixel of the written picture has. */
export function channelsOf(format: PixelFormat): 1 | 3 {
  return format === 'grey' ? 1 : 3;
}

/** Whether the frame's data holds all rows that its size, format and stride promise. */
export function isWhole({ data, format, widthPx, heightPx, strideBytes }: Frame): boolean {
  if (![widthPx, heightPx, strideBytes].every((n) => Number.isSafeInteger(n) && n > 0)) return false;
  const rowBytes = { grey: widthPx, rgb: widthPx * 3, nv12: widthPx + (widthPx % 2), yuyv: 4 * Math.ceil(widthPx / 2) };
  const rows = format === 'nv12' ? heightPx + Math.ceil(heightPx / 2) : heightPx;
  return strideBytes >= rowBytes[format] && data.length >= (rows - 1) * strideBytes + rowBytes[format];
}

/** Writes row `y` as RGB or grey bytes to `out` from `at` on. */
export function writeRow(frame: Frame, y: number, out: Uint8Array, at: number): void {
  const { data, format, widthPx, strideBytes } = frame;
  const start = y * strideBytes;
  switch (format) {
    case 'rgb':
    case 'grey':
      out.set(data.subarray(start, start + widthPx * channelsOf(format)), at);
      return;
    case 'nv12': {
      const chroma = (frame.heightPx + (y >> 1)) * strideBytes;
      for (let x = 0; x < widthPx; x++) {
        const uv = chroma + (x & ~1);
        writeRgb(data[start + x] ?? 0, data[uv] ?? 0, data[uv + 1] ?? 0, out, at + 3 * x);
      }
      return;
    }
    case 'yuyv':
      for (let x = 0; x < widthPx; x++) {
        const pair = start + 4 * (x >> 1);
        writeRgb(data[pair + 2 * (x & 1)] ?? 0, data[pair + 1] ?? 0, data[pair + 3] ?? 0, out, at + 3 * x);
      }
  }
}

/** BT.601, limited range, in 2^-13, with the figures of agent/native/preprocess/colour.c. */
function writeRgb(luma: number, cb: number, cr: number, out: Uint8Array, at: number): void {
  const y = 9539 * (luma - 16) + 4096;
  const u = cb - 128;
  const v = cr - 128;
  out[at] = clamp((y + 13075 * v) >> 13);
  out[at + 1] = clamp((y - 3209 * u - 6660 * v) >> 13);
  out[at + 2] = clamp((y + 16525 * u) >> 13);
}

function clamp(value: number): number {
  return Math.min(Math.max(value, 0), 255);
}
