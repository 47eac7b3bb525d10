import type { Frame, PixelFormat, PreprocessSpec } from '../../frame.ts';
import type { PixelRect } from '../region.ts';

/** A frame, what is to be done with it and what must come out; test/golden/preprocess/README.md describes the file. */
export interface Golden {
  readonly frame: Frame;
  readonly rect: PixelRect;
  readonly spec: Omit<PreprocessSpec, 'region'>;
  readonly tensor: Uint8Array;
}

const MAGIC = 0x5050_474c;
const VERSION = 1;
const HEADER_WORDS = 15;
const FORMATS: readonly PixelFormat[] = ['rgb', 'grey', 'nv12', 'yuyv'];
const COLOURS: readonly PreprocessSpec['colour'][] = ['rgb', 'grey'];

export function encodeGolden({ frame, rect, spec, tensor }: Golden): Uint8Array {
  const header = [
    MAGIC,
    VERSION,
    FORMATS.indexOf(frame.format),
    frame.widthPx,
    frame.heightPx,
    frame.strideBytes,
    rect.xPx,
    rect.yPx,
    rect.widthPx,
    rect.heightPx,
    COLOURS.indexOf(spec.colour),
    spec.widthPx,
    spec.heightPx,
    frame.data.length,
    tensor.length,
  ];
  const file = Buffer.alloc(4 * HEADER_WORDS + frame.data.length + tensor.length);
  header.forEach((word, i) => {
    file.writeUInt32LE(word, 4 * i);
  });
  file.set(frame.data, 4 * HEADER_WORDS);
  file.set(tensor, 4 * HEADER_WORDS + frame.data.length);
  return file;
}

export function decodeGolden(file: Buffer): Golden {
  const word = (i: number) => file.readUInt32LE(4 * i);
  const format = FORMATS[word(2)];
  const colour = COLOURS[word(10)];
  if (word(0) !== MAGIC || word(1) !== VERSION || format === undefined || colour === undefined) {
    throw new Error('This is no golden file of version 1.');
  }
  const start = 4 * HEADER_WORDS;
  const frame: Frame = {
    data: file.subarray(start, start + word(13)),
    format,
    widthPx: word(3),
    heightPx: word(4),
    strideBytes: word(5),
    sensorNs: 0,
    clock: 'monotonic',
    sequence: 0,
  };
  const rect = { xPx: word(6), yPx: word(7), widthPx: word(8), heightPx: word(9) };
  const spec = { colour, widthPx: word(11), heightPx: word(12) };
  return { frame, rect, spec, tensor: file.subarray(start + word(13), start + word(13) + word(14)) };
}
