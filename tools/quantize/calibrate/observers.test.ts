import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compile } from '../passes/pipeline.ts';
import { TestModel } from '../testing/test-model.ts';
import { type Bin, Histogram, leastErrorRange, percentileRange } from './histogram.ts';
import { observed } from './observers.ts';
import { pictureTensor } from './session.ts';
import { NoiseRatio } from './sqnr.ts';
import { collectStatistics } from './statistics.ts';

/** A model whose first value is the input times two minus one, of as many numbers as the picture. */
function doubled(side: number) {
  const model = new TestModel([1, 1, side, side]);
  const picture = model.op('Sub', [model.op('Mul', ['image', model.floats([], [2])]), model.floats([], [1])]);
  const vector = model.op('Flatten', [model.op('GlobalAveragePool', [picture])]);
  const file = model.finish(model.op('MatMul', [vector, model.weights([1, 2])]));
  const graph = compile(file, { heightPx: side, widthPx: side, channels: 1 });
  const level = (value: number) => pictureTensor(new Uint8Array(side * side).fill(value), [1, side, side, 1]);
  return { graph, first: graph.nodes[0]?.output ?? '', level };
}

function histogramOf(numbers: readonly number[]): Bin[] {
  const histogram = new Histogram();
  const floats = Float32Array.from(numbers);
  histogram.add(new Uint32Array(floats.buffer), 0, floats.length);
  const bins: Bin[] = [];
  histogram.forEachBin(1, (value, count) => bins.push({ value, count }));
  return bins;
}

describe('observers', () => {
  it('take the smallest and largest number over all pictures, and the mean of every channel', async () => {
    const { graph, first, level } = doubled(32);
    const statistics = await collectStatistics(graph, [level(51), level(204), level(102)]);
    const { ranges, means } = observed('min-max', statistics);
    const range = ranges.get(first);
    assert.ok(range && Math.abs(range.min + 0.6) < 1e-6 && Math.abs(range.max - 0.6) < 1e-6);
    assert.ok(Math.abs((means.get(graph.input)?.[0] ?? 9) - 357 / 765) < 1e-6);
    assert.ok(Math.abs((means.get(first)?.[0] ?? 9) + 1 / 15) < 1e-6);
  });

  it('never average over pictures: one bright picture of many widens the range', async () => {
    const { graph, first, level } = doubled(32);
    const dark = Array.from({ length: 20 }, (_, i) => level(100 + i));
    const statistics = await collectStatistics(graph, [...dark, level(255)]);
    assert.equal(observed('min-max', statistics).ranges.get(first)?.max, 1);
    assert.ok((observed('mse', statistics).ranges.get(first)?.max ?? 0) > 0.9);
  });

  it('leave headroom where a value has few numbers', async () => {
    const { graph, first, level } = doubled(4);
    const { ranges } = observed('percentile-99.99', await collectStatistics(graph, [level(51), level(204)]));
    assert.ok(Math.abs((ranges.get(first)?.max ?? 0) - 0.72) < 1e-6);
  });

  it('see a graph with other units inside as that graph would be seen', async () => {
    const { graph, first, level } = doubled(32);
    const statistics = await collectStatistics(graph, [level(51), level(204)]);
    const { ranges, means } = observed('min-max', statistics, new Map([[first, Float32Array.of(4)]]));
    assert.ok(Math.abs((ranges.get(first)?.max ?? 0) - 2.4) < 1e-5);
    assert.ok(Math.abs(means.get(first)?.[0] ?? 9) < 1e-5);
  });
});

describe('a histogram', () => {
  const number = fc.float({ min: Math.fround(-1e3), max: Math.fround(1e3), noNaN: true });

  it('tells numbers apart by a sixteenth of their size, with their sign', () => {
    fc.assert(
      fc.property(number, (one) => {
        const [bin] = histogramOf([one]);
        assert.equal(bin?.count, 1);
        assert.ok(
          Math.abs((bin?.value ?? 9) - one) <= Math.max(Math.abs(one) / 16, 2 ** -15),
          `${one} as ${bin?.value}`,
        );
      }),
    );
  });

  it('is the same whatever the order', () => {
    const lists = fc.array(number, { maxLength: 30 });
    fc.assert(fc.property(lists, (list) => assert.deepEqual(histogramOf(list.toReversed()), histogramOf(list))));
  });
});

describe('narrower ranges', () => {
  const many = [...Array.from({ length: 9998 }, (_, i) => (i % 100) / 100), -4, 5];

  it('leave as many numbers out at either end', () => {
    const { min, max } = percentileRange(histogramOf(many), { min: -4, max: 5 }, 0.999);
    assert.ok(min >= -0.01 && max > 0.9 && max < 1.1, `${min} to ${max}`);
    assert.ok(percentileRange(histogramOf(many), { min: -4, max: 5 }, 1).max > 4.5);
  });

  it('cut off what costs less than coarser steps for all others', () => {
    const dense = [...Array.from({ length: 500_000 }, (_, i) => (i % 100) / 100), 1.5];
    const { max } = leastErrorRange(histogramOf(dense), { min: 0, max: 1.5 });
    assert.ok(max > 0.97 && max < 1.2, String(max));
    const even = Array.from({ length: 1000 }, (_, i) => i / 1000);
    assert.ok(leastErrorRange(histogramOf(even), { min: 0, max: 1 }).max >= 0.97);
  });
});

describe('NoiseRatio', () => {
  it('is 20 dB for an error of a tenth, and says exact as 200', () => {
    const ratio = new NoiseRatio();
    ratio.add(Float32Array.of(10, -20), Float32Array.of(11, -22));
    assert.ok(Math.abs(ratio.db - 20) < 1e-9);
    assert.equal(new NoiseRatio().db, 200);
  });
});
