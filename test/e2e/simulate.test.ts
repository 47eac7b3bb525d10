import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { Cli, type CliOptions, checkout, document, type Ended, linegate } from '../support/cli.ts';
import { temporaryFolder } from '../support/folders.ts';
import { notRun } from '../support/not-run.ts';

/** Those of the main job's promise; more may be there. */
const summaryKeys = [
  'parts',
  'triggers',
  'records',
  'unaccounted',
  'wrongPartEjections',
  'lateVerdicts',
  'noVerdicts',
  'failSafeActions',
  'escapes',
  'falseRejects',
  'outcomes',
  'latencyMs',
];

/** What must hold for a run of `parts`, however fast or slow the computer is. */
function assertAccounted(ended: Ended, parts: number): Record<string, unknown> {
  assert.equal(ended.exitCode, 0, ended.stderr);
  const summary = document(ended);
  for (const key of summaryKeys) assert.ok(key in summary, `the summary has no ${key}`);
  const { triggers, records, unaccounted, wrongPartEjections, noVerdicts, failSafeActions } = summary;
  assert.deepEqual(
    { parts: summary['parts'], triggers, records, unaccounted, wrongPartEjections },
    { parts, triggers: parts, records: parts, unaccounted: 0, wrongPartEjections: 0 },
  );
  assert.equal(failSafeActions, noVerdicts);
  assert.equal(sum(summary['outcomes']), parts);
  assert.deepEqual(Object.keys(Object(summary['latencyMs'])), ['p50', 'p99']);
  return summary;
}

function sum(counts: unknown): number {
  return Object.values(Object(counts)).reduce((total: number, count) => total + Number(count), 0);
}

async function assertWhole(t: TestContext, state: string, parts: number): Promise<void> {
  const audit = await linegate(t, ['ledger', 'verify', '--state', state, '--json']);
  assert.equal(audit.exitCode, 0, audit.stdout + audit.stderr);
  const { ok, open, gaps, ...rest } = document(audit);
  assert.deepEqual({ ok, open, gaps, parts: rest['parts'] }, { ok: true, open: 0, gaps: 0, parts });
}

function simulate(t: TestContext, state: string, args: readonly string[], options?: CliOptions): Promise<Ended> {
  return linegate(t, ['simulate', '--speed', '40', '--state', state, '--json', ...args], options);
}

test('simulate: 40 rings, each accounted for; one JSON document', async (t) => {
  const state = temporaryFolder(t);
  assertAccounted(await simulate(t, state, ['--parts', '40']), 40);
  await assertWhole(t, state, 40);
});

test('simulate: real pictures of coffee beans', async (t) => {
  const images = path.join(checkout, '..', 'shared', 'data', 'coffee-beans');
  if (!existsSync(images)) {
    notRun('simulate with real pictures', `there is no ${images}`);
    return;
  }
  const state = temporaryFolder(t);
  const args = ['--parts', '60', '--recipe', 'coffee-bean', '--images', images];
  const summary = assertAccounted(await simulate(t, state, args), 60);
  assert.deepEqual(Object.keys(Object(summary['labels'])), ['bad', 'good']);
  await assertWhole(t, state, 60);
});

test('simulate: in virtual time the same seed gives the same output byte for byte', async (t) => {
  const run = (seed: string): Promise<Ended> =>
    simulate(t, temporaryFolder(t), ['--virtual-time', '--parts', '60', '--seed', seed]);
  const [one, again, other] = await Promise.all([run('7'), run('7'), run('8')]);
  assert.equal(assertAccounted(one, 60)['noVerdicts'], 0);
  assert.equal(one.stdout, again.stdout);
  assert.notEqual(one.stdout.replace('"seed": 7', ''), other.stdout.replace('"seed": 8', ''));
});

test('simulate: --save writes the picture of each part into the folder of its true label', async (t) => {
  const folder = temporaryFolder(t);
  const saved = path.join(folder, 'seen');
  const args = ['--virtual-time', '--parts', '60', '--defect-rate', '0.5', '--save', saved, '--keep', 'none'];
  const { labels } = assertAccounted(await simulate(t, path.join(folder, 'state'), args), 60);
  const truth = Object.entries(Object(labels)).map(([label, counts]) => [label, Object(counts).parts]);
  const pictures = readdirSync(saved).map((label) => [label, readdirSync(path.join(saved, label)).length]);
  assert.deepEqual(pictures.sort(), truth.sort());
  const names = readdirSync(saved).flatMap((label) => readdirSync(path.join(saved, label)));
  assert.deepEqual(names.sort(), Array.from({ length: 60 }, (_, i) => `${i + 1}.png`).sort());
});

const busy = ['late', 'overflow', 'no-frame'];
const interruptions: Readonly<Record<string, (cli: Cli) => void>> = {
  'SIGINT to the station': (cli) => cli.kill('SIGINT'),
  'SIGTERM to the station': (cli) => cli.kill('SIGTERM'),
  'Ctrl-C, which its children get as well': (cli) => cli.killGroup('SIGINT'),
};
for (const [name, interrupt] of Object.entries(interruptions)) {
  test(`simulate: ${name} ends it in good order`, async (t) => {
    const state = temporaryFolder(t);
    const cli = new Cli(t, ['simulate', '--parts', '300', '--speed', '40', '--state', state, '--json']);
    await cli.says(/ of 300 parts/);
    interrupt(cli);
    const ended = await cli.ended;
    const parts = Number(document(ended)['parts']);
    assert.ok(parts >= 30 && parts < 300, `${parts} parts passed`);
    const { reasons } = assertAccounted(ended, parts);
    // A computer that is busy may be late with a verdict; the stop itself must cost none.
    assert.deepEqual(
      Object.keys(Object(reasons)).filter((reason) => !busy.includes(reason)),
      [],
    );
    await assertWhole(t, state, parts);
  });
}

test('simulate: a second station on the same state folder is refused and the first goes on', async (t) => {
  const state = temporaryFolder(t);
  const first = new Cli(t, ['simulate', '--parts', '0', '--speed', '40', '--state', state, '--json']);
  await first.says(/100 parts/);
  const second = await simulate(t, state, ['--parts', '5']);
  assert.equal(second.exitCode, 3);
  assert.equal(second.stdout, '');
  assert.match(second.stderr, /^linegate: A station is running already with the ledger .+\n$/);
  first.kill('SIGINT');
  const ended = await first.ended;
  const parts = Number(document(ended)['parts']);
  assertAccounted(ended, parts);
  await assertWhole(t, state, parts);
});
