import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { describe, it } from 'node:test';
import { choosePlan } from './calibrate/choose-plan.ts';
import { pictureTensor } from './calibrate/session.ts';
import { qdqOnnx } from './emit/qdq-onnx.ts';
import { listImages, spread } from './images/list.ts';
import { loadPictures } from './images/pictures.ts';
import { shapeOf } from './ir/graph.ts';
import { floatWork, optimisedOperators } from './report/fusion.ts';
import { assertCompiles, randomPixels } from './testing/same-output.ts';

/** MLPerf Tiny's float models and real pictures; they are no part of the repository. */
const data = process.env['LINEGATE_DATA'] ?? path.join(import.meta.dirname, '../../../shared/data');
const present = existsSync(path.join(data, 'float-models'));

/** The size of the picture, the scale of its pixels and the least logit noise ratio, dB. */
const models = [
  { name: 'resnet8', size: [32, 32, 3] as const, pixel: 1, leastDb: 23 },
  { name: 'vww', size: [96, 96, 3] as const, pixel: 1 / 255, leastDb: 20 },
];

describe('models that others trained', () => {
  if (!present) {
    console.warn(`NOT RUN: the float models of MLPerf Tiny are not under ${data}; set LINEGATE_DATA to test on them.`);
  }

  for (const { name, size, pixel, leastDb } of present ? models : []) {
    it(`${name}: is read exactly, fused whole, and follows the float model on real pictures`, async () => {
      const graph = await assertCompiles(readFileSync(path.join(data, 'float-models', `${name}.onnx`)), size);
      const [heightPx, widthPx] = size;
      const region = { x: 0, y: 0, width: 1, height: 1 };
      const images = spread(await listImages({ path: path.join(data, 'pretrain/trashnet') }), 60);
      const pictures = await loadPictures(images, { colour: 'rgb', widthPx, heightPx, region });
      const tensors = pictures.map(({ pixels }) => pictureTensor(pixels, shapeOf(graph, graph.input)));
      const [best] = await choosePlan(graph, tensors, { scale: Math.fround(pixel), zeroPoint: 0 });
      assert.ok(best.logitSqnrDb > leastDb, `${best.logitSqnrDb.toFixed(1)} dB`);
      assert.equal(floatWork(await optimisedOperators(qdqOnnx(graph, best.plan))), '');
    });
  }

  for (const name of present ? ['kws'] : []) {
    it(`${name}: a keyword model of 49 x 10 features is read exactly and fused whole`, async () => {
      const graph = await assertCompiles(readFileSync(path.join(data, 'float-models', `${name}.onnx`)), [49, 10, 1]);
      const tensors = Array.from({ length: 10 }, (_, seed) => pictureTensor(randomPixels(490, seed), [1, 49, 10, 1]));
      const [best] = await choosePlan(graph, tensors);
      assert.ok(best.logitSqnrDb > 20, `${best.logitSqnrDb.toFixed(1)} dB`);
      assert.equal(floatWork(await optimisedOperators(qdqOnnx(graph, best.plan))), '');
    });
  }
});
