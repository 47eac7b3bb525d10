import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type sharpLibrary from 'sharp';
import { LinegateError, messageOf } from '../../../agent/core/errors.ts';
import type { Frame } from '../../../agent/core/frame.ts';
import { importOptional } from '../../../agent/core/optional-package.ts';

/** The library that reads picture files. */
export type Sharp = typeof sharpLibrary;

/** What the preprocess takes. A small file can claim to be huge; beyond this it is not read. */
const MAX_SIDE_PX = 4096;

/** Rejects with LinegateError 'missing-package' on a device that lacks it. */
export function loadSharp(): Promise<Sharp> {
  return importOptional<Sharp>('sharp', 'Evaluating a recipe', 'or evaluate it on another computer');
}

/** A picture as rgb pixels, as a station's folder camera reads it, and the digest of its file. Rejects with 'bad-image'. */
export async function decodePicture(sharp: Sharp, file: string): Promise<{ frame: Frame; sha256: string }> {
  try {
    const bytes = await readFile(file);
    const { data, info } = await sharp(bytes, { limitInputPixels: MAX_SIDE_PX ** 2, failOn: 'error', ignoreIcc: true })
      .removeAlpha()
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const size = { widthPx: info.width, heightPx: info.height, strideBytes: info.width * info.channels };
    const format = info.channels === 1 ? 'grey' : 'rgb';
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { frame: { data, format, ...size, sensorNs: 0, clock: 'monotonic', sequence: 0 }, sha256 };
  } catch (cause) {
    throw new LinegateError('bad-image', messageOf(cause), { cause });
  }
}

/** A small JPEG of a picture, for a report. Rejects where the file cannot be read. */
export async function thumbnail(sharp: Sharp, file: string, sidePx: number): Promise<Buffer> {
  return await sharp(await readFile(file), { limitInputPixels: MAX_SIDE_PX ** 2 })
    .removeAlpha()
    .toColourspace('srgb')
    .resize(sidePx, sidePx, { fit: 'inside' })
    .jpeg({ quality: 80 })
    .toBuffer();
}
