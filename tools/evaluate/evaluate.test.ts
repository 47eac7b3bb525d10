import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import sharp from 'sharp';
import { writeTinyRecipe } from '../../test/fixtures/tiny-recipe.ts';
import { temporaryFolder } from '../../test/support/folders.ts';
import { evaluate } from './evaluate.ts';
import type { Evaluation } from './evaluation.ts';
import { reportPage } from './report/page.ts';
import { evaluationText } from './text.ts';

/** The tiny recipe takes red for ok, green for scratch and blue for dent. */
const RED = '#c83c3c';
const GREEN = '#3cc83c';
const BLUE = '#3c3cc8';
const GREY = '#646464';

async function picture(folder: string, file: string, colour: string): Promise<void> {
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  const create = { width: 12, height: 10, channels: 3, background: colour } as const;
  await sharp({ create }).png().toFile(path.join(folder, file));
}

/** 6 ok (one looks like a dent), 4 scratches (one looks ok), 2 dents, in 6 trays; and a broken file. */
async function pictures(t: TestContext): Promise<string> {
  const folder = temporaryFolder(t);
  const rows: (readonly [file: string, label: string, colour: string, tray: string])[] = [
    ...[1, 2, 3, 4, 5].map((at) => [`ok/${at}.png`, 'ok', RED, `a${at % 2}`] as const),
    ['ok/6.png', 'ok', BLUE, 'a0'],
    ...[1, 2, 3].map((at) => [`scratch/${at}.png`, 'scratch', GREEN, 'b0'] as const),
    ['scratch/<b>&4.png', 'scratch', RED, 'b1'],
    ['dent/1.png', 'dent', BLUE, 'c0'],
    ['dent/2.png', 'dent', GREY, 'c1'],
  ];
  for (const [file, , colour] of rows) await picture(folder, file, colour);
  writeFileSync(path.join(folder, 'ok', 'broken.png'), 'this is no picture');
  const lines = rows.map(([file, label, , tray]) => `${file},${label},${tray}`);
  writeFileSync(path.join(folder, 'manifest.csv'), ['file,class,group', ...lines, 'ok/broken.png,ok,a0'].join('\n'));
  return folder;
}

async function evaluated(t: TestContext, images: string, onProgress = (): void => {}): Promise<Evaluation> {
  const bundle = temporaryFolder(t);
  const manifest = writeTinyRecipe(bundle);
  const budgets = [
    { error: 'false-rejects', share: 0.01 },
    { error: 'escapes', share: 0.001 },
  ] as const;
  const modelFile = path.join(bundle, 'model.onnx');
  return evaluate({ manifest, modelFile, images, list: undefined, budgets, now: new Date(0), onProgress });
}

test('evaluate: pictures whose scores are known', async (t) => {
  const images = await pictures(t);
  let told = 0;
  const found = await evaluated(t, images, () => {
    told += 1;
  });
  assert.equal(told, 13);
  assert.deepEqual([found.recipe, found.pictures, found.groups], ['tiny@1', 12, 6]);
  assert.deepEqual(found.labels['scratch'], { kind: 'defect', pictures: 4, groups: 2 });
  assert.deepEqual(
    found.broken.map(({ file }) => file),
    ['ok/broken.png'],
  );
  assert.match(found.notes.join(' '), /1 of 13 pictures could not be read/);
  // Grey scores the same for each label; the first one is taken.
  assert.deepEqual(found.confusion, {
    ok: { ok: 5, scratch: 0, dent: 1 },
    scratch: { ok: 1, scratch: 3, dent: 0 },
    dent: { ok: 1, scratch: 0, dent: 1 },
  });
  assert.equal(found.accuracy, 9 / 12);
  assert.ok(Math.abs((found.balancedAccuracy ?? 0) - (5 / 6 + 3 / 4 + 1 / 2) / 3) < 1e-12);
  assert.equal(found.okDefect.defectRecall, 4 / 6);
  // Grey is a third each: not enough ok to pass, and above 0.3 a review.
  assert.deepEqual(found.verdictCounts, {
    ok: { pass: 5, review: 0, reject: 1 },
    defect: { pass: 1, review: 1, reject: 4 },
  });
  // Of 36 pairs 24 are right and 4 more tied among dents; of the escaped scratch 5 tie and 1 is wrong.
  assert.ok(Math.abs((found.auc ?? 0) - (4 * 5.5 + 5 + 0.5 * 5) / 36) < 1e-9, `${found.auc}`);
  assert.deepEqual(
    found.wrong.map(({ file, predicted, verdict }) => [file, predicted, verdict]),
    [
      ['ok/6.png', 'dent', 'reject'],
      ['scratch/<b>&4.png', 'ok', 'pass'],
      ['dent/2.png', 'ok', 'review'],
    ],
  );
});

test('evaluate: the same pictures give the same document, but for times', async (t) => {
  const images = await pictures(t);
  const timeless = ({ latencyMs: _, ...rest }: Evaluation) => rest;
  assert.deepEqual(timeless(await evaluated(t, images)), timeless(await evaluated(t, images)));
});

test('evaluate: every interval holds its figure', async (t) => {
  const { intervals, accuracy, balancedAccuracy, auc, classes, verdicts } = await evaluated(t, await pictures(t));
  const pairs = [
    [accuracy, intervals.accuracy],
    [balancedAccuracy, intervals.balancedAccuracy],
    [auc, intervals.auc],
    [verdicts.escapes, intervals.verdicts.escapes],
    [classes['ok']?.recall, intervals.classes['ok']?.recall],
  ] as const;
  for (const [value, interval] of pairs) {
    assert.ok(interval && typeof value === 'number');
    assert.ok(interval[0] <= value && value <= interval[1] && interval[0] < interval[1], `${value} in ${interval}`);
  }
});

test('evaluate: one label only leaves curves and balance open, and says so', async (t) => {
  const folder = temporaryFolder(t);
  await picture(folder, 'ok/1.png', RED);
  const found = await evaluated(t, folder);
  assert.deepEqual([found.accuracy, found.auc, found.verdicts.escapes, found.curve], [1, null, null, []]);
  assert.match(
    found.notes.join(' '),
    /no pictures of scratch, dent.*no pictures of defective parts.*No groups are given/,
  );
  assert.ok((await reportPage(found)).includes('None.'));
  assert.match(evaluationText(found), /area under ROC curve +–/);
});

test('evaluate: nothing but broken pictures is one sentence', async (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(path.join(folder, 'ok'));
  writeFileSync(path.join(folder, 'ok', '1.png'), '');
  await assert.rejects(evaluated(t, folder), {
    code: 'bad-image',
    message: /^None of the pictures can be read; .*ok\/1\.png/,
  });
});

test('evaluate: the report is one file with all it shows, in plain HTML, with words for each picture', async (t) => {
  const page = await reportPage(await evaluated(t, await pictures(t)));
  assert.doesNotMatch(page, /<script|\bhttps?:|\bsrc="(?!data:image\/jpeg;base64,)|@import|url\(/i);
  assert.equal(page.match(/<img [^>]*alt="[^"]+, named [^"]+"/g)?.length, 3);
  assert.equal(page.match(/<svg [^>]*role="img" aria-label="[^"]{20,}"/g)?.length, 5);
  assert.ok(page.includes('scratch/&lt;b&gt;&amp;4.png') && !page.includes('<b>&4'));
  assert.match(page, /<html lang="en">/);
  assert.match(page, /could not be read/);
  assert.doesNotMatch(page, /undefined|NaN|\[object/);
});

test('evaluate: the text for a terminal', async (t) => {
  const text = evaluationText(await evaluated(t, await pictures(t)));
  assert.match(text, /^tiny@1 on 12 pictures in 6 groups/);
  assert.match(text, /as ok or defect/);
  assert.match(text, /scratch \[2\] +1 +3 +0 +0\.750/);
  assert.match(text, /At most 0\.1\u00a0% escapes: .* too few for this budget/);
  assert.doesNotMatch(text, /undefined|NaN/);
});
