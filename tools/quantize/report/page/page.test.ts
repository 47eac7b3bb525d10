import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Report } from '../report.ts';
import { reportPage } from './page.ts';

const gain = { value: -0.004, interval: [-0.012, 0.003] } as const;
const shares = { escapes: 0.02, falseRejects: 0.03, reviews: 0.01 };
const report: Report = {
  name: 'part',
  modelSha256: 'ab'.repeat(32),
  sizeBytes: { float: 400_000, int8: 100_000 },
  esp: { sizeBytes: 101_000, arenaBytes: 50_000 },
  passes: [
    { pass: 'fuse activation', nodesBefore: 3, nodesAfter: 2, gone: ['relu (activation)'], made: [], changed: [] },
  ],
  calibration: { pictures: 50, observers: [{ observer: 'min-max', logitSqnrDb: 33 }] },
  tuning: [{ step: 'channels equalised, mse', logitSqnrDb: 33, kept: true }],
  sensitivity: [{ layer: 'first', logitSqnrDb: 41.5 }],
  layers: [
    { name: 'first', operator: 'conv', sqnrDb: 31 },
    { name: 'moved', operator: 'reshape', sqnrDb: 200 },
    { name: '<b>odd</b>', operator: 'add', sqnrDb: -3 },
    { name: 'last', operator: 'softmax', sqnrDb: 36 },
  ],
  evaluation: {
    pictures: 250,
    float: { accuracy: 0.95, balancedAccuracy: 0.94 },
    int8: { accuracy: 0.946, balancedAccuracy: 0.94 },
    sameLabel: 0.99,
    accuracyIntervals: { float: [0.92, 0.97], int8: [0.91, 0.97] },
    difference: { accuracy: gain, balancedAccuracy: gain, groups: 250 },
    verdicts: shares,
    floatVerdicts: shares,
    changed: [
      {
        file: 'bad/1.png',
        label: 'bad',
        float: { verdict: 'reject', label: 'bad', score: 0.7 },
        int8: { verdict: 'pass', label: 'good', score: 0.6 },
        effect: 'lost',
      },
    ],
  },
  optimised: { QLinearConv: 1 },
  latencyMs: { float: { min: 1, median: 1.2 }, int8: { min: 0.5, median: 0.6 } },
  machine: 'a computer',
  warnings: ['mind the gap'],
};
const page = (change: Partial<Report> = {}, maxDropPoints: number | undefined = 0.5) =>
  reportPage({ ...report, ...change }, { maxDropPoints, thumbnail: async (file) => Buffer.from(file) });

describe('the report page', () => {
  it('holds all it shows: no script, nothing from elsewhere', async () => {
    const text = await page();
    assert.doesNotMatch(text, /<script|https?:|<link|@import|url\(|undefined|NaN/);
    assert.match(text, /prefers-color-scheme: dark/);
    assert.match(text, /default-src 'none'/);
    assert.ok(text.includes(`data:image/jpeg;base64,${Buffer.from('bad/1.png').toString('base64')}`));
  });

  it('draws each layer inside the plot and escapes its name', async () => {
    const text = await page();
    const bars = [...text.matchAll(/<rect class="(\w+)" x="[\d.]+" y="([\d.-]+)" width="[\d.]+" height="([\d.-]+)"/g)];
    assert.equal(bars.length, 4);
    assert.ok(
      bars.every(([, , y, height]) => Number(y) >= 26 && Number(height) >= 0),
      String(bars),
    );
    assert.ok(text.includes('&lt;b&gt;odd&lt;/b&gt; (add): -3.0 dB') && !text.includes('<b>odd'));
    assert.ok(text.includes('moved (reshape): exact'));
  });

  it('says first whether the model may be used', async () => {
    assert.match(
      await page(),
      /class="verdict">.*INT8 keeps.*\u22120\.40 \(\u22121\.20 to 0\.30\).*rule out a loss of 1\.20/,
    );
    assert.match(await page({}, 0.3), /class="verdict bad">.*no bundle was written/);
    const { evaluation: _, ...unmeasured } = report;
    const text = await reportPage(unmeasured, { maxDropPoints: 0.5, thumbnail: async () => assert.fail() });
    assert.match(text, /class="verdict open">.*Not measured/);
    assert.doesNotMatch(text, /Pictures whose verdict changed/);
  });

  it('shows what was tried and what each layer costs', async () => {
    const text = await page();
    assert.match(text, /channels equalised, mse<\/th><td class="n">33\.0 dB<\/td><td>kept/);
    assert.match(text, /What each of 1 layers costs alone.*first<\/th><td class="n">41\.5 dB/s);
  });

  it('says what is slower', async () => {
    assert.match(await page(), /<b>2\.0 ×<\/b><span>as fast as float/);
    const slow = { float: { min: 1, median: 1 }, int8: { min: 2, median: 2 } };
    assert.match(await page({ latencyMs: slow }), /<b>2\.0 ×<\/b><span>slower than float/);
  });

  it('says where scales come from: an observer, or the file that had them before', async () => {
    assert.match(await page(), /Ranges come from 50 pictures by <b>min-max<\/b>/);
    const given = { pictures: 50, observers: [{ observer: 'as given' as const, logitSqnrDb: 33 }] };
    const text = await page({ calibration: given });
    assert.match(text, /Scales are <b>those of the file<\/b>/);
    assert.doesNotMatch(text, /min-max|as given/);
  });
});
