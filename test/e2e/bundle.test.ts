// What a device gets: made by `npm run build`, run in a folder without the checkout's packages.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { checkout } from '../support/cli.ts';
import { temporaryFolder } from '../support/folders.ts';

/** Bytes: the command line itself; each command reads its own part. A station that starts again must be quick. */
const mostAtStart = 400_000;

/** The files that a script of the bundle imports, and what those import, without what is imported once it is needed. */
function readAtStart(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(/(?:from|import) ?"\.\/(part-\w+\.js)"/g))
    readAtStart(path.join(path.dirname(file), name), seen);
  return seen;
}

function bytesOf(files: ReadonlySet<string>): number {
  return [...files].reduce((sum, file) => sum + statSync(file).size, 0);
}

test('the bundle runs the main job by itself, outside the checkout', (t) => {
  const folder = temporaryFolder(t);
  const out = path.join(folder, 'dist');
  const run = (args: string[], cwd: string): string =>
    execFileSync(process.execPath, args, {
      cwd,
      encoding: 'utf8',
      timeout: 120_000,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  run([path.join(checkout, 'tools/build/bundle.ts'), '--out', out], checkout);
  const linegate = path.join(out, 'linegate.js');
  const eager = readAtStart(linegate);
  assert.ok(
    eager.size > 1 && bytesOf(eager) < mostAtStart,
    `${bytesOf(eager)} bytes are read before a command is chosen`,
  );
  const summary = JSON.parse(run([linegate, 'simulate', '--parts', '10', '--speed', '20', '--json'], folder)) as {
    records: number;
    unaccounted: number;
    noVerdicts: number;
  };
  assert.deepEqual([summary.records, summary.unaccounted], [10, 0]);
  assert.ok(summary.noVerdicts < 10, 'the model answered');
  const audit = JSON.parse(run([linegate, 'ledger', 'verify', '--json'], folder)) as { ok: boolean; parts: number };
  assert.deepEqual([audit.ok, audit.parts], [true, 10]);
});
