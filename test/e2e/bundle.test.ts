// What a device gets: made by `npm run build`, run in a folder without the checkout's packages.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { checkout } from '../support/cli.ts';
import { temporaryFolder } from '../support/folders.ts';

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
