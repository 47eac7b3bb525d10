import { deflateSync, inflateSync } from 'node:zlib';
import type { Codec } from '../core/sync/wire.ts';

/** zlib's, at its fastest: a batch must not hold up the line. */
export const zlibCodec: Codec = {
  deflate: (bytes) => deflateSync(bytes, { level: 1 }),
  inflate: (bytes, maxOutputLength) => inflateSync(bytes, { maxOutputLength }),
};
