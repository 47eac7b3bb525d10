import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { writeDataset } from '../../tools/render/dataset.ts';
import { checkout, document, type Ended, linegate } from '../support/cli.ts';
import { temporaryFolder } from '../support/folders.ts';
import { notRun } from '../support/not-run.ts';
import { assertSentence } from '../support/sentence.ts';

const COUNT = 96;

async function rings(t: TestContext): Promise<string> {
  const folder = temporaryFolder(t);
  const request = { out: folder, count: COUNT, seed: 4711, balanced: true, domain: 'standard', sizePx: 96 } as const;
  await writeDataset(folder, { ...request, montage: undefined }, () => {});
  return folder;
}

function evaluate(t: TestContext, args: readonly string[], home?: string): Promise<Ended> {
  const env = home === undefined ? {} : { HOME: home };
  return linegate(t, ['evaluate', '--state', temporaryFolder(t), ...args], { env });
}

async function refuses(running: Promise<Ended>, message: RegExp): Promise<void> {
  const ended = await running;
  assert.equal(ended.exitCode, 2, ended.stderr);
  assert.equal(ended.stdout, '');
  const sentence = ended.stderr.trim().split('\n').at(-1) ?? '';
  assertSentence(sentence);
  assert.match(sentence, message);
}

test('evaluate: rendered rings, as one JSON document and a report, with broken pictures among them', async (t) => {
  const images = await rings(t);
  const broken = path.join(images, 'normal', 'broken.png');
  writeFileSync(
    broken,
    readFileSync(path.join(images, 'normal', readdirSync(path.join(images, 'normal'))[0] ?? '')).subarray(0, 300),
  );
  const list = path.join(images, 'manifest.csv');
  writeFileSync(list, `${readFileSync(list, 'utf8')}normal/broken.png,normal,x,0\nnormal/missing.png,normal,x,0\n`);
  const [report, home] = [path.join(images, 'report.html'), temporaryFolder(t)];
  const ended = await evaluate(
    t,
    ['--recipe', 'machined-ring', '--images', images, '--report', report, '--json'],
    home,
  );
  assert.equal(ended.exitCode, 0, ended.stderr);
  const found = document(ended);
  for (const key of [
    'accuracy',
    'balancedAccuracy',
    'auc',
    'classes',
    'confusion',
    'intervals',
    'latencyMs',
    'schemaVersion',
  ]) {
    assert.ok(key in found, `the document has no ${key}`);
  }
  for (const key of ['recipe', 'pictures', 'groups', 'okDefect', 'thresholds', 'calibration', 'wrong'])
    assert.ok(key in found, key);
  assert.deepEqual([found['pictures'], found['groups']], [COUNT, 2]);
  assert.deepEqual(
    Object(found['broken']).map(({ file }: { file: string }) => file),
    ['normal/broken.png', 'normal/missing.png'],
  );
  assert.ok(Number(found['accuracy']) > 0.85, `accuracy ${found['accuracy']}`);
  assert.deepEqual(Object.keys(Object(found['latencyMs'])), ['p50', 'p99', 'preprocess', 'inference']);
  const confusion: Record<string, Record<string, number>> = Object(found['confusion']);
  const counted = Object.values(confusion).flatMap((row) => Object.values(row));
  assert.equal(
    counted.reduce((sum, count) => sum + count, 0),
    COUNT,
  );
  assert.match(readFileSync(report, 'utf8'), /<!doctype html>[\s\S]*Evaluation of machined-ring[\s\S]*<\/html>/);
  assert.match(ended.stderr, /98 of 98 pictures/);
  assert.deepEqual(readdirSync(home), [], 'the library that runs the model left something in the home folder');
});

test('evaluate: what cannot be done is one sentence with status 2', async (t) => {
  const images = temporaryFolder(t);
  const ring = ['--recipe', 'machined-ring', '--images', images];
  await refuses(evaluate(t, ring), /There are no pictures in the folders of/);
  mkdirSync(path.join(images, 'bent'));
  writeFileSync(path.join(images, 'bent', '1.png'), '');
  await refuses(evaluate(t, ring), /bent\/1\.png has the label "bent", which the recipe does not have/);
  await refuses(evaluate(t, ['--recipe', 'nothing', '--images', images]), /There is no recipe "nothing"/);
  await refuses(evaluate(t, ['--recipe', 'machined-ring']), /Missing required argument: images/);
  for (const budget of ['2', '-1%', 'few', '100%', '']) {
    await refuses(
      evaluate(t, [...ring, `--max-escapes=${budget}`]),
      /--max-escapes is ".*"; give a share such as 1% or 0\.01/,
    );
  }
});

test('evaluate: a report that cannot be written is one sentence', async (t) => {
  const images = await rings(t);
  const report = path.join(images, 'none', 'report.html');
  await refuses(
    evaluate(t, ['--recipe', 'machined-ring', '--images', images, '--report', report]),
    /report\.html cannot be written/,
  );
});

test('evaluate: real pictures of coffee beans, by tray', async (t) => {
  const images = process.env['LINEGATE_COFFEE_BEANS'] ?? path.join(checkout, '..', 'shared', 'data', 'coffee-beans');
  if (!existsSync(images)) {
    notRun('evaluate with real pictures', `there is no ${images}; LINEGATE_COFFEE_BEANS can name another folder`);
    return;
  }
  const [head, ...rows] = readFileSync(path.join(images, 'manifest.csv'), 'utf8').trim().split('\n');
  const list = path.join(temporaryFolder(t), 'list.csv');
  writeFileSync(list, [head, ...rows.filter((_, at) => at % 8 === 0)].join('\n'));
  const ended = await evaluate(t, ['--recipe', 'coffee-bean', '--images', images, '--manifest', list, '--json']);
  assert.equal(ended.exitCode, 0, ended.stderr);
  const found = document(ended);
  assert.ok(Number(found['groups']) > 50 && Number(found['balancedAccuracy']) > 0.75, `${found['balancedAccuracy']}`);
});
