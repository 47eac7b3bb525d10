import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { goldenSchema, manifestSchema } from '../../agent/core/recipe.ts';
import { floatOnnx } from './emit/float-onnx.ts';
import { floatWork, optimisedOperators } from './report/fusion.ts';
import { scorerOf } from './report/score.ts';
import { assertCompiles } from './testing/same-output.ts';

const LARGEST_MODEL_BYTES = 300_000;
const models = path.join(import.meta.dirname, '../../models/int8');

describe('the landed INT8 models', () => {
  const names = readdirSync(models);

  it('are there', () => {
    assert.ok(['coffee-bean', 'machined-ring', 'solar-module'].every((name) => names.includes(name)));
  });

  for (const name of names) {
    const folder = path.join(models, name);
    const manifest = manifestSchema.parse(JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')));
    const model = readFileSync(path.join(folder, manifest.model.file));

    it(`${name}: is small, whole and named as its folder`, () => {
      assert.equal(manifest.name, name);
      assert.ok(model.length <= LARGEST_MODEL_BYTES, `${model.length} bytes`);
      assert.equal(manifest.model.sizeBytes, model.length);
      assert.equal(manifest.model.sha256, createHash('sha256').update(model).digest('hex'));
    });

    it(`${name}: comes with its TFLite model and the firmware's component of that`, () => {
      const bytes = readFileSync(path.join(folder, manifest.tflite?.file ?? ''));
      const digest = createHash('sha256').update(bytes).digest('hex');
      assert.equal(manifest.tflite?.sha256, digest);
      assert.equal(manifest.tflite?.sizeBytes, bytes.length);
      assert.match(readFileSync(path.join(folder, 'esp/model.h'), 'utf8'), new RegExp(`kSha256\\[\\] = "${digest}"`));
    });

    it(`${name}: leaves onnxruntime no work in float`, async () => {
      assert.equal(floatWork(await optimisedOperators(model)), '');
    });

    it(`${name}: says what its float model says of most golden pictures`, async () => {
      const { heightPx, widthPx, colour } = manifest.preprocess;
      const size = [heightPx, widthPx, colour === 'rgb' ? 3 : 1] as const;
      const graph = await assertCompiles(readFileSync(path.join(models, '../float', `${name}.onnx`)), size);
      const score = await scorerOf(floatOnnx(graph), [1, ...size]);
      const file = path.join(folder, manifest.golden.file);
      const { vectors } = goldenSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
      // Most, for made-up pictures drive some layers out of their ranges.
      const apart: number[] = [];
      for (const { tensor, scores } of vectors) {
        const float = await score(readFileSync(path.join(path.dirname(file), tensor)));
        apart.push(Math.max(...float.map((one, i) => Math.abs(one - (scores[i] ?? 9)))));
      }
      assert.ok(apart.filter((one) => one < 0.1).length >= 0.75 * apart.length, apart.join());
    });

    it(`${name}: reproduces its golden vectors, at least eight of at least two labels`, async () => {
      const file = path.join(folder, manifest.golden.file);
      const text = readFileSync(file);
      assert.equal(manifest.golden.sha256, createHash('sha256').update(text).digest('hex'));
      const { vectors, tolerance } = goldenSchema.parse(JSON.parse(text.toString()));
      const { heightPx, widthPx, colour } = manifest.preprocess;
      const score = await scorerOf(model, [1, heightPx, widthPx, colour === 'rgb' ? 3 : 1]);
      for (const { tensor, scores } of vectors) {
        const got = await score(readFileSync(path.join(path.dirname(file), tensor)));
        assert.ok(
          got.every((one, i) => Math.abs(one - (scores[i] ?? 9)) <= tolerance),
          `${tensor}: ${got}`,
        );
      }
      // Made-up pictures do not reach every label of a model with many: no count is asked for each.
      assert.ok(vectors.length >= 8 && new Set(vectors.map(({ label }) => label)).size >= 2, `${vectors.length}`);
    });
  }
});
