import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { floatOnnx } from '../emit/float-onnx.ts';
import { compile } from '../passes/pipeline.ts';
import { TestModel } from '../testing/test-model.ts';
import { channelMeans, narrowed, observeRanges, percentileRanges } from './observe.ts';
import { openSession, pictureTensor } from './session.ts';
import { NoiseRatio } from './sqnr.ts';

/** A model whose first value is the input times two minus one. */
function doubled(): Uint8Array {
  const model = new TestModel([1, 1, 8, 8]);
  const picture = model.op('Sub', [model.op('Mul', ['image', model.floats([], [2])]), model.floats([], [1])]);
  const vector = model.op('Flatten', [model.op('GlobalAveragePool', [picture])]);
  return model.finish(model.op('MatMul', [vector, model.weights([1, 2])]));
}

describe('ranges', () => {
  const graph = compile(doubled(), { heightPx: 8, widthPx: 8, channels: 1 });
  const first = graph.nodes[0]?.output ?? '';
  const picture = (level: number) => pictureTensor(new Uint8Array(64).fill(level), [1, 8, 8, 1]);

  it('hold the smallest and largest number over all pictures', async () => {
    const session = await openSession(floatOnnx(graph, [first]));
    const range = (await observeRanges(session, [first], [picture(51), picture(204), picture(102)])).get(first);
    assert.ok(range && Math.abs(range.min + 0.6) < 1e-6 && Math.abs(range.max - 0.6) < 1e-6);
  });

  it('come with the mean of every channel', async () => {
    const session = await openSession(floatOnnx(graph, [graph.input, first]));
    const means = await channelMeans(session, [graph.input, first], [picture(51), picture(153)], () => 1);
    assert.ok(Math.abs((means.get(graph.input)?.[0] ?? 9) - 0.4) < 1e-6);
    assert.ok(Math.abs((means.get(first)?.[0] ?? 9) + 0.2) < 1e-6);
  });

  it('lose their outliers to a percentile', async () => {
    const session = await openSession(floatOnnx(graph, [first]));
    const pictures = [...Array.from({ length: 60 }, (_, i) => picture(100 + (i % 40))), picture(255)];
    const widest = await observeRanges(session, [first], pictures);
    const narrow = (await percentileRanges(session, widest, pictures, 0.9)).get(first);
    assert.ok(narrow && narrow.max < 0.15 && narrow.min >= -0.22, JSON.stringify(narrow));
  });
});

describe('narrowed', () => {
  it('cuts as much from either end', () => {
    const counts = [1, 4, 90, 4, 1];
    assert.deepEqual(narrowed({ min: 0, max: 5 }, counts, 0.98), { min: 1, max: 4 });
    assert.deepEqual(narrowed({ min: 0, max: 5 }, counts, 1), { min: 0, max: 5 });
  });
});

describe('NoiseRatio', () => {
  it('is 20 dB for an error of a tenth, and says exact as 200', () => {
    const ratio = new NoiseRatio();
    ratio.add([1, -2], [1.1, -2.2]);
    assert.ok(Math.abs(ratio.db - 20) < 1e-9);
    assert.equal(new NoiseRatio().db, 200);
  });
});
