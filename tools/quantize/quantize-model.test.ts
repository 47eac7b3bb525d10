import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import sharp from 'sharp';
import { goldenSchema, manifestSchema } from '../../agent/core/recipe.ts';
import type { RecipeConfig } from './bundle/config.ts';
import { syntheticPicture } from './bundle/synthetic.ts';
import { quantize } from './quantize-model.ts';
import { scorerOf } from './report/score.ts';
import { readBundle, simulateImages } from './sim/simulate-images.ts';
import { residualModel } from './testing/test-model.ts';

const region = { x: 0, y: 0, width: 1, height: 1 };
const recipe: RecipeConfig = {
  name: 'test-part',
  version: 1,
  description: 'Made-up parts.',
  labels: ['a', 'b', 'c', 'd'].map((name, i) => ({ name, kind: i === 0 ? 'ok' : 'defect' })),
  preprocess: { colour: 'rgb', widthPx: 16, heightPx: 16, region },
  data: { source: 'made up', licence: 'none', split: 'none' },
  figures: { 'known from elsewhere': 'yes' },
};

describe('quantize', () => {
  let folder = '';
  const inFolder = (name: string) => path.join(folder, name);
  const options = () => ({
    model: inFolder('model.onnx'),
    recipe,
    calibrate: { path: inFolder('images') },
    evaluate: { path: inFolder('images') },
    thresholds: { path: inFolder('images') },
    out: inFolder('bundle'),
  });

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'linegate-quantize-test-'));
    await writeFile(inFolder('model.onnx'), residualModel());
    for (const [i, label] of ['a', 'b', 'c', 'd', 'a', 'b', 'c', 'd', 'a', 'b', 'c', 'd'].entries()) {
      await mkdir(inFolder(`images/${label}`), { recursive: true });
      const pixels = syntheticPicture(recipe.preprocess, i + 1);
      await sharp(pixels, { raw: { width: 16, height: 16, channels: 3 } }).toFile(inFolder(`images/${label}/${i}.png`));
    }
  });
  after(() => rm(folder, { recursive: true }));

  it('writes a bundle that a station reads, and reports what it cost', async () => {
    const steps = new Set<string>();
    const { manifest, report } = await quantize(options(), ({ step }) => steps.add(step));
    assert.deepEqual(
      manifestSchema.parse(JSON.parse(await readFile(inFolder('bundle/manifest.json'), 'utf8'))),
      manifest,
    );
    const model = await readFile(inFolder('bundle/model.onnx'));
    assert.equal(manifest.model.sha256, createHash('sha256').update(model).digest('hex'));
    assert.equal(manifest.figures['held-out pictures'], 12);
    assert.equal(manifest.figures['known from elsewhere'], 'yes');
    assert.deepEqual(JSON.parse(await readFile(inFolder('bundle/report.json'), 'utf8')), report);
    const page = await readFile(inFolder('bundle/report.html'), 'utf8');
    assert.equal(page.match(/<img src="data:image\/jpeg/g)?.length ?? 0, report.evaluation?.changed.length);
    assert.ok(report.layers.every(({ sqnrDb }) => sqnrDb > 20));
    assert.ok((report.evaluation?.sameLabel ?? 0) > 0.6);
    assert.equal(report.calibration.pictures, 12);
    assert.ok(report.calibration.observers.length === 3 && report.latencyMs.int8.median > 0);
    assert.ok(steps.has('calibration pictures') && steps.has('measuring'));
  });

  it('adds the TFLite model, and the firmware where it is asked for', async () => {
    const { manifest, report } = await quantize({ ...options(), evaluate: undefined, esp: true });
    const bytes = await readFile(inFolder('bundle/model.tflite'));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    assert.deepEqual(manifest.tflite, { file: 'model.tflite', sha256, sizeBytes: bytes.length });
    assert.ok(report.esp?.sizeBytes === bytes.length && report.esp.arenaBytes > 1000);
    assert.deepEqual((await readdir(inFolder('bundle/esp'))).sort(), [
      'golden.cc',
      'model.cc',
      'model.h',
      'resolver.h',
    ]);
    assert.ok((await readFile(inFolder('bundle/esp/model.h'), 'utf8')).includes(sha256));
    const labels: string[] = [];
    const predicted = simulateImages(await readBundle(inFolder('bundle')), options().calibrate);
    for await (const { label } of predicted) labels.push(label);
    assert.equal(labels.join(''), 'aaabbbcccddd');
    await quantize({ ...options(), evaluate: undefined });
    assert.ok(!(await readdir(inFolder('bundle'))).includes('esp'));
  });

  it('takes ranges as it is told to', async () => {
    const used: string[] = [];
    for (const observer of ['minmax', 'percentile', 'mse'] as const) {
      const { report } = await quantize({ ...options(), evaluate: undefined, observer, out: inFolder('told') });
      used.push(report.calibration.observers[0]?.observer ?? '');
      assert.ok(report.tuning?.some(({ kept, logitSqnrDb }) => kept && logitSqnrDb > 20));
    }
    assert.deepEqual(used, ['min-max', 'percentile-99.99', 'mse']);
  });

  it('leaves layers in float and holds activations as int8 where it is told to', async () => {
    const told = { ...options(), evaluate: undefined, out: inFolder('float') };
    const { manifest, report } = await quantize({ ...told, keepFloat: ['Conv_0'], act: 's8' });
    assert.equal(manifest.tflite, undefined);
    assert.ok(
      report.warnings.some((one) => /no model\.tflite: .* stay float: Conv_0\./.test(one)),
      report.warnings.join(),
    );
    assert.ok((report.sensitivity?.length ?? 0) > 4);
    const refused = quantize({ ...told, keepFloat: ['Conv_0'], esp: true });
    await assert.rejects(refused, {
      code: 'bad-model',
      message: /ESP32 cannot run this model: .* stay float: Conv_0\./,
    });
  });

  it('writes the report and no bundle where accuracy falls by more than is allowed', async () => {
    // Whatever this model loses, it is more than less than nothing.
    const refused = quantize({ ...options(), maxDropPoints: -101, out: inFolder('refused') });
    await assert.rejects(refused, { code: 'bad-model', message: /points of accuracy .* no bundle was written/ });
    assert.ok(!(await readdir(inFolder('refused'))).includes('manifest.json'));
    assert.ok((await readdir(inFolder('refused'))).includes('report.json'));
  });

  it('writes golden vectors that the model reproduces', async () => {
    const { manifest } = await quantize({ ...options(), golden: { path: inFolder('images') } });
    const text = await readFile(inFolder('bundle/golden/golden.json'), 'utf8');
    assert.equal(manifest.golden.sha256, createHash('sha256').update(text).digest('hex'));
    const { vectors, tolerance } = goldenSchema.parse(JSON.parse(text));
    assert.ok(vectors.length >= 8);
    const score = await scorerOf(await readFile(inFolder('bundle/model.onnx')), [1, 16, 16, 3]);
    for (const { tensor, scores } of vectors) {
      const got = await score(await readFile(path.join(inFolder('bundle/golden'), tensor)));
      assert.ok(got.every((one, i) => Math.abs(one - (scores[i] ?? 9)) <= tolerance));
    }
  });

  it('says in one sentence what does not fit together', async () => {
    const refused = (change: object, code: string, message: RegExp) =>
      assert.rejects(quantize({ ...options(), ...change }), { name: 'LinegateError', code, message });
    const three = { ...recipe, labels: recipe.labels.slice(0, 3) };
    await refused({ recipe: three }, 'bad-recipe', /gives 4 scores, the recipe names 3 labels/);
    const renamed = { ...recipe, labels: recipe.labels.map((l) => (l.name === 'd' ? { ...l, name: 'e' } : l)) };
    await refused({ recipe: renamed }, 'bad-argument', /holds the label "d", which the recipe does not name/);
    await refused({ thresholds: undefined }, 'bad-recipe', /The recipe has no "decision"/);
    await refused({ model: inFolder('nothing.onnx') }, 'bad-argument', /nothing\.onnx cannot be read/);
    await refused({ model: inFolder('images/a/0.png') }, 'bad-model', /./);
  });
});
