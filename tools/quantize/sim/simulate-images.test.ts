import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import sharp from 'sharp';
import { decide } from '../../../agent/core/decide.ts';
import { tfliteModel } from '../emit/tflite.ts';
import { compile } from '../passes/pipeline.ts';
import { randomPixels } from '../testing/same-output.ts';
import { residualModel } from '../testing/test-model.ts';
import { testPlan } from '../testing/test-plan.ts';
import { writeTflite } from '../tflite/write.ts';
import { readBundle, type SimulatedPart, simulateImages } from './simulate-images.ts';
import { Simulator } from './simulator.ts';

const graph = compile(residualModel(), { heightPx: 16, widthPx: 16, channels: 3 });
const model = tfliteModel(graph, testPlan(graph));

/** The landed recipe of the beans, for pictures of 16 pixels and four labels. */
function manifest() {
  const file = path.join(import.meta.dirname, '../../../models/int8/coffee-bean/manifest.json');
  const landed = JSON.parse(readFileSync(file, 'utf8'));
  const names = ['a', 'b', 'c', 'd'];
  return {
    ...landed,
    labels: names.map((name, i) => ({ name, kind: i === 0 ? 'ok' : 'defect' })),
    preprocess: { colour: 'rgb', widthPx: 16, heightPx: 16, region: { x: 0, y: 0, width: 1, height: 1 } },
    decision: {
      minimumOk: 0.5,
      thresholds: Object.fromEntries(names.slice(1).map((name) => [name, { review: 0.3, reject: 0.6 }])),
    },
  };
}

describe('simulateImages', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'simulate-'));
  after(() => rmSync(folder, { recursive: true }));
  const bundle = path.join(folder, 'bundle');
  mkdirSync(bundle);
  mkdirSync(path.join(folder, 'pictures/a'), { recursive: true });
  writeFileSync(path.join(bundle, 'manifest.json'), JSON.stringify(manifest()));
  writeFileSync(path.join(bundle, 'model.tflite'), writeTflite(model));

  it('gives the simulator’s scores and the recipe’s verdict for every picture', async () => {
    const pixels = randomPixels(16 * 16 * 3, 5);
    const file = path.join(folder, 'pictures/a/one.png');
    await sharp(pixels, { raw: { width: 16, height: 16, channels: 3 } })
      .png()
      .toFile(file);
    const read = await readBundle(bundle);
    const parts: SimulatedPart[] = [];
    for await (const part of simulateImages(read, { path: path.join(folder, 'pictures') })) parts.push(part);
    const scores = new Simulator(model).scores(pixels);
    assert.deepEqual(parts, [{ file, label: 'a', group: file, scores, decision: decide(read.manifest, scores) }]);
    assert.ok(Math.abs(scores.reduce((sum, one) => sum + one, 0) - 1) < 4 / 256);
  });

  it('refuses a model of another size or without a file', async () => {
    const other = compile(residualModel(), { heightPx: 16, widthPx: 16, channels: 3 });
    const cut = tfliteModel({ ...other, output: other.nodes[0]?.output ?? '' }, testPlan(other));
    const file = path.join(folder, 'other.tflite');
    writeFileSync(file, writeTflite(cut));
    await assert.rejects(readBundle(bundle, file), /gives 8 scores; the recipe has \[1,16,16,3\] and 4 labels/);
    await assert.rejects(readBundle(bundle, path.join(folder, 'none.tflite')), /none\.tflite cannot be read/);
    await assert.rejects(readBundle(folder), /manifest\.json cannot be read/);
  });
});
