import { crc32, createDeflate } from 'node:zlib';
import type { Frame } from '../../core/frame.ts';
import { channelsOf, writeRow } from './rgb-rows.ts';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Rows between which other work of the event loop gets its turn. */
const BAND_ROWS = 16;
/** Fast rather than small: the device has better things to do. */
const DEFLATE_LEVEL = 2;
const FILTER_SUB = 1;

/** The frame at its full size as a PNG file, 8 bits, grey or RGB. The frame must be whole. */
export async function encodePng(frame: Frame): Promise<Buffer> {
  const deflate = createDeflate({ level: DEFLATE_LEVEL });
  const parts: Buffer[] = [];
  deflate.on('data', (part: Buffer) => parts.push(part));
  const ended = new Promise((resolve, reject) => deflate.on('end', resolve).on('error', reject));
  for (let y = 0; y < frame.heightPx; y += BAND_ROWS) {
    const band = filteredRows(frame, y, Math.min(y + BAND_ROWS, frame.heightPx));
    await new Promise((resolve) => deflate.write(band, resolve));
  }
  deflate.end();
  await ended;
  return Buffer.concat([SIGNATURE, chunk('IHDR', header(frame)), chunk('IDAT', Buffer.concat(parts)), chunk('IEND')]);
}

function header({ widthPx, heightPx, format }: Frame): Buffer {
  const bytes = Buffer.alloc(13);
  bytes.writeUInt32BE(widthPx, 0);
  bytes.writeUInt32BE(heightPx, 4);
  bytes[8] = 8;
  bytes[9] = channelsOf(format) === 3 ? 2 : 0;
  return bytes;
}

/** Each row as differences to the pixel on its left, which compresses better than the pixels do. */
function filteredRows(frame: Frame, from: number, to: number): Buffer {
  const channels = channelsOf(frame.format);
  const rowBytes = 1 + frame.widthPx * channels;
  const rows = Buffer.allocUnsafe(rowBytes * (to - from));
  for (let y = from; y < to; y++) {
    const start = (y - from) * rowBytes;
    rows[start] = FILTER_SUB;
    writeRow(frame, y, rows, start + 1);
    for (let at = start + rowBytes - 1; at > start + channels; at--) {
      rows[at] = (rows[at] ?? 0) - (rows[at - channels] ?? 0);
    }
  }
  return rows;
}

function chunk(type: string, data: Buffer = Buffer.alloc(0)): Buffer {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  data.copy(bytes, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
}
