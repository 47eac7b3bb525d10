import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'node:test';
import { linegate } from '../support/cli.ts';
import { temporaryFolder } from '../support/folders.ts';
import { assertRefused } from '../support/refused.ts';

/** What is wrong on the command line, and what the sentence must name. */
const refused: readonly (readonly [line: string, about: RegExp])[] = [
  ['', /linegate --help/],
  ['simulat', /simulat/],
  ['simulate extra', /extra/],
  ['simulate --nonsense', /nonsense/],
  ['simulate --parts -1', /parts is -1/],
  ['simulate --parts x', /parts/],
  ['simulate --parts 1.5', /parts is 1\.5/],
  ['simulate --parts 1e12', /parts is 1000000000000/],
  ['simulate --parts 1 --parts -2', /parts is -2/],
  ['simulate --parts', /parts/],
  ['simulate --speed 0', /partsPerSecond is 0/],
  ['simulate --speed 1e9', /partsPerSecond is 1000000000/],
  ['simulate --speed fast', /partsPerSecond/],
  ['simulate --seed 1.5', /seed is 1\.5/],
  ['simulate --seed -1', /seed is -1/],
  ['simulate --defect-rate 2', /defectRate is 2/],
  ['simulate --keep some', /keep/],
  ['simulate --recipe', /recipe/],
  ['simulate --images', /images/],
  ['run', /config/],
  ['run --config', /config/],
  ['ledger', /tail, verify or export/],
  ['ledger burn', /burn/],
  ['ledger tail --lines -5', /lines/],
  ['ledger tail --lines x', /lines/],
  ['ledger tail --follow --json', /--follow or --json/],
  ['ledger export --format xml', /format/],
  ['ledger verify --state', /state/],
];

suite('bad arguments', { concurrency: 2 }, () => {
  for (const [line, about] of refused) {
    test(`bad arguments: linegate ${line}`, async (t) => {
      const cwd = temporaryFolder(t);
      const args = line.split(' ').filter((word) => word !== '');
      assertRefused(await linegate(t, args, { cwd, timeoutMs: 20_000 }), 2, about);
      assert.deepEqual(readdirSync(cwd), [], 'a refused command made files');
    });
  }
});

test('bad arguments: --json changes nothing of a refusal', async (t) => {
  const cwd = temporaryFolder(t);
  assertRefused(await linegate(t, ['simulate', '--json', '--parts', '-1'], { cwd }), 2, /parts is -1/);
  assertRefused(await linegate(t, ['ledger', 'verify', '--json', '--state', path.join(cwd, 'none')]), 3, /none/);
});
