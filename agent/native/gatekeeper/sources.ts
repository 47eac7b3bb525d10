import { readdirSync } from 'node:fs';
import { join } from 'node:path';

function sourcesIn(folder: string): string[] {
  const files = readdirSync(join(import.meta.dirname, folder)).filter((file) => file.endsWith('.c'));
  return files.sort().map((file) => join('gatekeeper', folder, file));
}

/** The gatekeeper's pure core as C files, from the folder agent/native: what a test, a fuzzer or a simulator is built with. */
export const keeperSources: readonly string[] = [
  'track/track.c',
  ...['keeper.c', 'encoder.c', 'wire.c', 'parts.c'].map((file) => join('gatekeeper', file)),
  ...sourcesIn('core'),
];

/** The core's tests and the host's pure part's, which take how many parts the simulated belt has. */
export const keeperTestSources: readonly string[] = [
  ...keeperSources,
  'gatekeeper/early.c',
  ...sourcesIn('test').filter((file) => !file.endsWith('/fuzz.c')),
];

/** The model check, to be built with `modelFlags`: a state is small then, and many fit. */
export const keeperModelSources: readonly string[] = [...keeperSources, ...sourcesIn('model')];
export const modelFlags = [
  ...['-DTRACK_PARTS=16', '-DPARTS_CAPACITY_MIN=4', '-DSEND_RECORDS=32', '-DENCODER_STAMPS=16'],
  ...['-g', '-O2'],
];
