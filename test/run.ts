// Runs every test and ends with one line, "N passed, N failed". Arguments: test files, or none for all.

import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

const patterns = [
  'agent/**/*.test.ts',
  'cli/**/*.test.ts',
  'tools/**/*.test.ts',
  'central/**/*.test.ts',
  'test/**/*.test.ts',
];
const named = process.argv.slice(2);
const files = named.length > 0 ? named : globSync(patterns).sort();

let passed = 0;
let failed = 0;
const stream = run({ files, concurrency: availableParallelism(), timeout: 600_000, execArgv: ['--no-warnings'] });
stream.on('test:pass', (event) => {
  if (event.details.type !== 'suite') passed += 1;
});
stream.on('test:fail', (event) => {
  if (event.details.type !== 'suite') failed += 1;
});
stream.on('end', () => {
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
  setImmediate(() => console.log(`${passed} passed, ${failed} failed`));
});
stream.compose(spec).pipe(process.stdout, { end: false });
