import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fuzzOnnx } from './fuzz-onnx.ts';
import { mutation } from './mutate.ts';
import { seedFiles } from './seed-files.ts';

const LARGEST_PEAK_MB = 1000;

describe('damaged ONNX files', () => {
  it('are another file for another seed, and the same for the same', () => {
    const [{ file }] = seedFiles();
    const files = Array.from({ length: 40 }, (_, seed) => Buffer.from(mutation(file, seed).bytes).toString('base64'));
    assert.ok(new Set(files).size > 35);
    assert.deepEqual(mutation(file, 11), mutation(file, 11));
  });

  it('end in a model or in one sentence, within bounds of time and memory (300 of them; the bench has 10,000)', async () => {
    const figures = await fuzzOnnx({ mutations: 300, seed: 40_000 });
    assert.deepEqual(figures.notable, []);
    assert.equal(figures.made + figures.sentences, 300);
    assert.ok(figures.made > 5 && figures.sentences > 150, JSON.stringify(figures));
    assert.ok(figures.peakMb < LARGEST_PEAK_MB, `${figures.peakMb} MB`);
  });
});
