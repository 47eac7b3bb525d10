// `linegate replay`: stored pictures through another recipe or other thresholds.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import sharp from 'sharp';
import { document, type Ended, linegate } from '../support/cli.ts';
import { temporaryFolder } from '../support/folders.ts';
import { assertRefused } from '../support/refused.ts';

const parts = 60;

async function simulated(t: TestContext, keep: string): Promise<string> {
  const state = temporaryFolder(t);
  const run = ['simulate', '--parts', String(parts), '--keep', keep, '--virtual-time', '--state', state, '--json'];
  const ended = await linegate(t, run);
  assert.equal(ended.exitCode, 0, ended.stderr);
  return state;
}

function replay(t: TestContext, state: string, ...args: string[]): Promise<Ended> {
  return linegate(t, ['replay', '--recipe', 'machined-ring', '--state', state, ...args]);
}

/** How many pictures there are: in virtual time the disk of a busy computer may be too slow for some, which are lost then. */
function kept(state: string): number {
  const names = readdirSync(path.join(state, 'pictures'), { recursive: true, encoding: 'utf8' });
  const count = names.filter((name) => name.endsWith('.png')).length;
  assert.ok(count > parts / 2, `only ${count} pictures were kept`);
  return count;
}

interface Row {
  readonly part: number;
  readonly outcome: string;
  readonly payload: { readonly scores: readonly number[]; readonly picture: string | null };
}

async function partRows(t: TestContext, state: string): Promise<Row[]> {
  const { stdout } = await linegate(t, ['ledger', 'export', '--format', 'jsonl', '--state', state]);
  const rows = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  return rows.filter(({ kind }) => kind === 'part');
}

test('replay: the recipe that judged changes no verdict; stricter thresholds change exactly those they must', async (t) => {
  const state = await simulated(t, 'all');
  const pictures = kept(state);
  const same = document(await replay(t, state, '--json'));
  assert.deepEqual(
    [same['parts'], same['replayed'], same['compared'], same['missing'], same['changed'], same['changes']],
    [parts, pictures, pictures, parts - pictures, 0, []],
  );
  assert.deepEqual(same['judgedBy'], { 'machined-ring@1': pictures });

  const sheet = path.join(state, 'sheet.png');
  // The second label is scratch: from this score on a part is now rejected that passed before.
  const border = 0.03;
  const args = [
    '--recipe',
    'machined-ring@1',
    '--thresholds',
    `scratch=${border},${border}`,
    '--sheet',
    sheet,
    '--json',
  ];
  const found = document(await replay(t, state, ...args));
  const rows = (await partRows(t, state)).filter(({ payload }) =>
    existsSync(path.join(state, 'pictures', payload.picture ?? 'none')),
  );
  const must = rows.filter(({ outcome, payload }) => outcome !== 'reject' && (payload.scores[1] ?? 0) >= border);
  assert.ok(must.length > 0 && must.length < parts, `${must.length} parts are no test`);
  assert.deepEqual(
    Object(found['changes']).map((change: Row & { to: string }) => [change.part, change.to]),
    must.map(({ part }) => [part, 'reject']),
  );
  const before = rows.filter(({ outcome }) => outcome !== 'pass').length;
  const passes = must.filter(({ outcome }) => outcome === 'pass').length;
  assert.deepEqual(found['ejected'], { before, after: before + passes });
  assert.equal(Object(found['table']).pass.reject, passes);
  const { width, height, format } = await sharp(sheet).metadata();
  assert.equal(format, 'png');
  assert.ok(width > 500 && height > 200, `${width} x ${height}`);
  assert.deepEqual(found['sheet'], { file: sheet, shown: must.length, leftOut: 0 });
});

test('replay: pictures that are gone or broken are counted and named, and the rest goes on', async (t) => {
  const state = await simulated(t, 'all');
  const pictures = kept(state);
  const folder = path.join(state, 'pictures', 'pass');
  const [gone = '', broken = '', noise = ''] = readdirSync(folder);
  rmSync(path.join(folder, gone));
  truncateSync(path.join(folder, broken), 300);
  writeFileSync(path.join(folder, noise), 'this is no picture');
  const ended = await replay(t, state, '--json');
  assert.equal(ended.exitCode, 0, ended.stderr);
  const found = document(ended);
  assert.deepEqual(
    [found['withPicture'], found['missing'], found['unreadable'], found['replayed'], found['changed']],
    [parts, parts - pictures + 1, 2, pictures - 3, 0],
  );
  const named = Object(found['unreadablePictures']).map(({ picture }: { picture: string }) => picture);
  assert.deepEqual(named.sort(), [`pass/${broken}`, `pass/${noise}`].sort());
});

test('replay: warns when only the pictures of rejects were kept', async (t) => {
  const state = await simulated(t, 'rejects');
  const sheet = path.join(state, 'sheet.png');
  const ended = await replay(t, state, '--sheet', sheet);
  assert.equal(ended.exitCode, 0, ended.stderr);
  assert.match(ended.stdout, /Only pictures of parts that did not pass were kept: .+ among \d+ passes is not known/);
  assert.match(ended.stderr, /No verdict changes: there is no contact sheet/);
  assert.ok(!existsSync(sheet));
});

test('replay: the newest parts, and those since a time', async (t) => {
  const state = await simulated(t, 'all');
  const newest = document(await replay(t, state, '--parts', '7', '--json'));
  assert.deepEqual([newest['parts'], Number(newest['replayed']) + Number(newest['missing'])], [7, 7]);
  // Virtual time begins with the year 2025 and the line sends 10 parts a second.
  const since = document(await replay(t, state, '--since', '2025-01-01T00:00:03Z', '--json'));
  assert.ok(Number(since['parts']) > 20 && Number(since['parts']) < 50, `${since['parts']} parts`);
  const none = await replay(t, state, '--since', '24h');
  assert.match(none.stdout, /No part falls in that time/);
});

const bad: Readonly<Record<string, readonly [args: readonly string[], exitCode: number, about: RegExp]>> = {
  'a recipe that is not there': [['--recipe', 'nothing'], 2, /no recipe "nothing"/],
  'a version that is not there': [['--recipe', 'machined-ring@77'], 2, /machined-ring@77 cannot be opened/],
  'a label that the recipe has not': [['--thresholds', 'rust=0.1,0.2'], 2, /rust .+is not a defect label/],
  'review above reject': [['--thresholds', 'crack=0.9,0.2'], 2, /review must not exceed reject/],
  'one threshold': [['--thresholds', 'crack=0.9'], 2, /label=review,reject/],
  'a file of thresholds that is not there': [['--thresholds', 'none.yaml'], 2, /none\.yaml cannot be read/],
  'a time that is none': [['--since', 'yesterday'], 2, /--since is "yesterday"/],
  'no parts': [['--parts', '0'], 2, /--parts is 0/],
  'a sheet that cannot be written': [
    ['--thresholds', 'crack=0,0', '--sheet', '/nowhere/sheet.png'],
    2,
    /\/nowhere\/sheet\.png cannot be written/,
  ],
};

test('replay: refuses in one sentence', async (t) => {
  const state = await simulated(t, 'all');
  for (const [name, [args, exitCode, about]] of Object.entries(bad)) {
    await t.test(name, async (inner) => {
      const ended = await replay(inner, state, ...args);
      const stderr = ended.stderr.replace(/^\d+ of \d+ parts\n/gm, '');
      assertRefused({ ...ended, stderr }, exitCode, about);
    });
  }
  await t.test('a folder without a ledger', async (inner) =>
    assertRefused(await replay(inner, temporaryFolder(inner)), 3, /There is no ledger/),
  );
});
