// Runs every test and ends with one line, "N passed, N failed". Arguments: test files, or none for all.
//
// By hand the properties draw new cases each time. In CI (`CI=true`) their seed is the commit's: what a commit shows there,
// it shows again, and a failure is of the change, not of the day. `LINEGATE_SEED=N` draws the cases of N.

import { execFileSync } from 'node:child_process';
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

/** A number that is the same for the same files: the first 31 bits of the commit's tree. Without git, 1. */
function seedOfCommit(): number {
  try {
    const tree = execFileSync('git', ['rev-parse', 'HEAD^{tree}'], {
      encoding: 'utf8',
      stdio: 'pipe',
      timeout: 10_000,
    });
    return Number.parseInt(tree.slice(0, 8), 16) >>> 1;
  } catch {
    return 1;
  }
}

const given = process.env['LINEGATE_SEED'] || null;
if (given !== null && !Number.isInteger(Number(given))) {
  console.error(`LINEGATE_SEED is ${given}, which is no whole number. Give one, or leave it out for new cases.`);
  process.exit(2);
}
const seed = given ?? (process.env['CI'] ? String(seedOfCommit()) : null);
const sameDice: string[] = [];
if (seed !== null) {
  process.env['LINEGATE_SEED'] = seed;
  sameDice.push('--import', new URL('support/same-dice.ts', import.meta.url).href);
  console.log(`The properties draw the cases of seed ${seed}.`);
}

let passed = 0;
let failed = 0;
const execArgv = ['--no-warnings', ...sameDice];
const stream = run({ files, concurrency: availableParallelism(), timeout: 600_000, execArgv });
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
