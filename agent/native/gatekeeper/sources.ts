import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const inner = readdirSync(join(import.meta.dirname, 'core')).filter((file) => file.endsWith('.c'));

/** The gatekeeper's pure core as C files, from the folder agent/native: what a test, a fuzzer or a simulator is built with. */
export const keeperSources: readonly string[] = [
  'track/track.c',
  ...['keeper.c', 'encoder.c', 'wire.c', 'parts.c'].map((file) => join('gatekeeper', file)),
  ...inner.sort().map((file) => join('gatekeeper/core', file)),
];
