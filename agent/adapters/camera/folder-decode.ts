import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type sharp from 'sharp';
import { LinegateError, messageOf } from '../../core/errors.ts';
import type { Frame } from '../../core/frame.ts';

/** The library that reads picture files. */
export type Sharp = typeof sharp;

/** The pixels of a file; when and which frame it is, the camera says. */
export type Picture = Pick<Frame, 'data' | 'format' | 'widthPx' | 'heightPx' | 'strideBytes'>;

const MAX_FILE_BYTES = 64 * 1024 * 1024;
/** What the preprocess takes. A small file can claim to be huge; beyond this it is not read. */
const MAX_SIDE_PX = 4096;
const MAX_DECODE_S = 10;

/**
 * Reads a JPEG, PNG, WebP or TIFF file as rgb pixels, as they are stored; a grey one too. Rejects with LinegateError 'bad-image' for
 * anything else, without following links or waiting for pipes.
 */
export async function decodePicture(sharpLibrary: Sharp, path: string): Promise<Picture> {
  try {
    const bytes = await readPlainFile(path);
    if (!looksLikePicture(bytes)) throw new Error('it is not a JPEG, PNG, WebP or TIFF file');
    return await decode(sharpLibrary, bytes);
  } catch (cause) {
    const message = `The picture ${path} cannot be used (${messageOf(cause)}): it was left as it is.`;
    throw new LinegateError('bad-image', message, { cause });
  }
}

async function readPlainFile(path: string): Promise<Buffer> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(path, flags);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new Error('it is not a plain file');
    if (stats.size > MAX_FILE_BYTES) throw new Error(`it has ${stats.size} bytes, more than ${MAX_FILE_BYTES}`);
    return await readBytes(file, stats.size);
  } finally {
    await file.close();
  }
}

/** At most `size` bytes, also of a file that grows. */
async function readBytes(file: FileHandle, size: number): Promise<Buffer> {
  const bytes = Buffer.alloc(size);
  let done = 0;
  while (done < size) {
    const { bytesRead } = await file.read(bytes, done, size - done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

/** By content, so that the library's readers of text formats such as SVG never see a file. */
function looksLikePicture(bytes: Buffer): boolean {
  const start = bytes.toString('latin1', 0, 12);
  if (start.startsWith('RIFF')) return start.endsWith('WEBP');
  return ['\xff\xd8\xff', '\x89PNG\r\n', 'II*\0', 'MM\0*'].some((magic) => start.startsWith(magic));
}

async function decode(sharpLibrary: Sharp, bytes: Buffer): Promise<Picture> {
  const { data, info } = await sharpLibrary(bytes, {
    limitInputPixels: MAX_SIDE_PX ** 2,
    failOn: 'error',
    ignoreIcc: true,
  })
    .timeout({ seconds: MAX_DECODE_S })
    .removeAlpha()
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { width: widthPx, height: heightPx, channels } = info;
  if (Math.max(widthPx, heightPx) > MAX_SIDE_PX) {
    throw new Error(`it has ${widthPx} x ${heightPx} px, more than ${MAX_SIDE_PX} a side`);
  }
  if (channels !== 3) throw new Error(`it has ${channels} colour channels`);
  return { data, format: 'rgb', widthPx, heightPx, strideBytes: widthPx * channels };
}
