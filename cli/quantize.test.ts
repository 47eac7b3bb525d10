import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import sharp from 'sharp';
import { syntheticPicture } from '../tools/quantize/bundle/synthetic.ts';
import { residualModel } from '../tools/quantize/testing/test-model.ts';

const command = path.join(import.meta.dirname, 'linegate.ts');
const spec = { colour: 'rgb', widthPx: 16, heightPx: 16, region: { x: 0, y: 0, width: 1, height: 1 } } as const;

describe('linegate quantize', () => {
  let folder = '';
  const run = (...words: string[]) =>
    spawnSync(process.execPath, [command, 'quantize', ...words], { cwd: folder, encoding: 'utf8', timeout: 60_000 });
  const at = (name: string) => path.join(folder, name);

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'linegate-quantize-command-'));
    writeFileSync(at('model.onnx'), residualModel());
    writeFileSync(at('cut.onnx'), residualModel().slice(0, 900));
    writeFileSync(at('recipe.json'), '{"name": "Not A Name", "surprise": 1}');
    for (const [seed, label] of ['bent', 'good', 'hole', 'stain', 'bent', 'good', 'hole', 'stain'].entries()) {
      mkdirSync(at(`parts/${label}`), { recursive: true });
      const raw = { width: 16, height: 16, channels: 3 } as const;
      await sharp(syntheticPicture(spec, seed), { raw }).toFile(at(`parts/${label}/${seed}.png`));
    }
    mkdirSync(at('unnamed/one'), { recursive: true });
  });
  after(() => rmSync(folder, { recursive: true }));

  it('makes a bundle from a model and a folder alone', () => {
    const { status, stdout, stderr } = run('model.onnx', '--calibrate', 'parts', '--out', 'out/part', '--json');
    assert.equal(status, 0, stderr);
    assert.match(stderr, /choosing scales\n/);
    assert.match(stderr, /scores stand for bent \(defect\), good \(ok\), hole \(defect\), stain \(defect\)/);
    assert.deepEqual(JSON.parse(stdout), JSON.parse(readFileSync(at('out/part/report.json'), 'utf8')));
    const manifest = JSON.parse(readFileSync(at('out/part/manifest.json'), 'utf8'));
    assert.equal(manifest.name, 'part');
    assert.deepEqual(manifest.labels[1], { name: 'good', kind: 'ok' });
    assert.deepEqual(manifest.preprocess, spec);
  });

  it('predicts what the ESP32 says to the pictures of a folder', () => {
    const made = run('model.onnx', '--calibrate', 'parts', '--out', 'out/esp-part', '--esp', '--explain');
    assert.equal(made.status, 0, made.stderr);
    assert.match(made.stdout, /fuse activation: \d+ to \d+ nodes; gone: Relu_1 \(activation\)/);
    assert.match(made.stdout, /ESP32: model\.tflite \d/);
    assert.ok(existsSync(at('out/esp-part/esp/model.h')));
    const tflite = readFileSync(at('out/esp-part/model.tflite'));
    const json = run('simulate', 'out/esp-part', '--images', 'parts', '--json');
    assert.equal(json.status, 0, json.stderr);
    const { pictures, verdicts } = JSON.parse(json.stdout);
    assert.equal(pictures.length, 8);
    assert.equal(verdicts.pass + verdicts.review + verdicts.reject, 8);
    assert.ok(
      pictures.every(
        ({ scores }: { scores: number[] }) =>
          scores.length === 4 && scores.every((s) => s * 256 === Math.round(s * 256)),
      ),
    );
    const text = run('simulate', 'out/esp-part', '--images', 'parts').stdout;
    assert.match(text, /hole.*\d\.png/);
    assert.match(text, /8 pictures: \d+ pass, \d+ review, \d+ reject/);
    copyFileSync(at('out/esp-part/model.onnx'), at('out/esp-part/model.tflite'));
    assert.match(run('simulate', 'out/esp-part', '--images', 'parts').stderr, /^linegate: [^\n]+\n$/);
    const other = { ...JSON.parse(readFileSync(at('out/esp-part/manifest.json'), 'utf8')) };
    writeFileSync(at('out/esp-part/model.tflite'), tflite);
    writeFileSync(
      at('out/esp-part/manifest.json'),
      JSON.stringify({ ...other, tflite: { ...other.tflite, sha256: '0'.repeat(64) } }),
    );
    const changed = run('simulate', 'out/esp-part', '--images', 'parts');
    assert.equal(changed.status, 2);
    assert.match(changed.stderr, /model\.tflite is not the model that manifest\.json names/);
    const none = run('simulate', 'out', '--images', 'parts');
    assert.equal(none.status, 2);
    assert.match(none.stderr, /^linegate: out\/manifest\.json cannot be read [^\n]+\n$/);
  });

  it('times a bundle beside float on this device', () => {
    const bundle = path.join(import.meta.dirname, '../models/int8/solar-module');
    const json = run('--measure', bundle, '--json');
    assert.equal(json.status, 0, json.stderr);
    const { latencyMs, faster } = JSON.parse(json.stdout);
    assert.equal(faster, latencyMs.int8.median <= latencyMs.float.median ? 'int8' : 'float');
    assert.equal(json.stderr.includes('INT8 is slower than float'), faster === 'float');
    assert.equal(run('--measure', at('parts')).status, 2);
  });

  it('answers what it cannot use with one sentence and exit 2', () => {
    const common = ['--calibrate', 'parts', '--out', 'bundle'];
    const cases = [
      { words: ['model.onnx'], message: /Missing required arguments/ },
      { words: ['cut.onnx', ...common], message: /./ },
      { words: ['none.onnx', ...common], message: /none\.onnx cannot be read/ },
      {
        words: ['model.onnx', '--recipe-config', 'none.json', ...common],
        message: /none\.json cannot be read as JSON/,
      },
      { words: ['model.onnx', '--recipe-config', 'recipe.json', ...common], message: /name must be lower-case/ },
      {
        words: ['model.onnx', '--calibrate', 'unnamed', '--out', 'x'],
        message: /None of the folders in unnamed \(one\)/,
      },
      { words: ['model.onnx', '--max-drop', '-1', ...common], message: /--max-drop is -1: give points/ },
      { words: ['model.onnx', '--nonsense', ...common], message: /nonsense/ },
    ];
    for (const { words, message } of cases) {
      const { status, stderr } = run(...words);
      assert.equal(status, 2, stderr);
      assert.match(stderr, message);
      assert.match(stderr, /^linegate: [^\n]+\n$/);
    }
    assert.ok(!existsSync(at('bundle/manifest.json')));
  });
});
