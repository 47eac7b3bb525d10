import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compile } from '../passes/pipeline.ts';
import { type Moments, roundedFilters } from '../quantize/round-weights.ts';
import { randomPixels } from '../testing/same-output.ts';
import { residualModel } from '../testing/test-model.ts';
import { LayerInputs } from './layer-inputs.ts';
import { affordableRows } from './round-adaptively.ts';
import { pictureTensor } from './session.ts';
import { tune } from './tune.ts';

const LENGTH = 5;
const weights = fc.array(fc.float({ min: -127, max: 127, noNaN: true }), { minLength: LENGTH, maxLength: LENGTH });
const number = fc.float({ min: -1, max: 1, noNaN: true });
const rows = fc.array(fc.array(number, { minLength: LENGTH, maxLength: LENGTH }), { minLength: 1, maxLength: 9 });

function momentsOf(some: readonly (readonly number[])[]): Moments {
  const values = new Float64Array(LENGTH * LENGTH);
  for (const row of some) {
    for (let i = 0; i < LENGTH; i += 1) {
      for (let j = 0; j < LENGTH; j += 1) {
        values[i * LENGTH + j] = (values[i * LENGTH + j] ?? 0) + (row[i] ?? 0) * (row[j] ?? 0);
      }
    }
  }
  return { length: LENGTH, values };
}

/** The square of the output's error over all rows. */
function errorOf(some: readonly (readonly number[])[], exact: ArrayLike<number>, rounded: ArrayLike<number>): number {
  return some.reduce((sum, row) => {
    const error = row.reduce((all, x, i) => all + x * ((rounded[i] ?? 0) - (exact[i] ?? 0)), 0);
    return sum + error * error;
  }, 0);
}

describe('roundedFilters', () => {
  it('takes an integer beside each weight within -127 to 127, and is never worse than the nearest', () => {
    fc.assert(
      fc.property(weights, rows, (given, some) => {
        const exact = Float64Array.from(given);
        const [rounded = new Int8Array()] = roundedFilters([exact], momentsOf(some));
        const nearest = exact.map((one) => Math.round(one));
        for (const [i, one] of rounded.entries()) {
          assert.ok(Math.abs(one) <= 127);
          assert.ok(Math.abs(one - (exact[i] ?? 0)) <= 1, `${exact[i]} as ${one}`);
        }
        assert.ok(errorOf(some, exact, rounded) <= errorOf(some, exact, nearest) + 1e-6);
      }),
    );
  });

  it('rounds each of many filters as it would alone', () => {
    const filters = fc.array(
      weights.map((one) => Float64Array.from(one)),
      { minLength: 1, maxLength: 9 },
    );
    fc.assert(
      fc.property(filters, rows, (exact, some) => {
        const alone = exact.flatMap((one) => roundedFilters([one], momentsOf(some)));
        assert.deepEqual(roundedFilters(exact, momentsOf(some)), alone);
      }),
    );
  });

  it('lets errors of inputs that go together cancel', () => {
    const together = [1, 1, 1, 1, 1];
    const exact = Float64Array.of(0.4, 0.4, 0.4, 0.4, 0.4);
    const [rounded = new Int8Array()] = roundedFilters([exact], momentsOf([together]));
    assert.equal(
      rounded.reduce((sum, one) => sum + one, 0),
      2,
    );
  });
});

const graph = compile(residualModel(), { heightPx: 16, widthPx: 16, channels: 3 });
const pictures = Array.from({ length: 15 }, (_, seed) =>
  pictureTensor(randomPixels(16 * 16 * 3, seed + 1), [1, 16, 16, 3]),
);

describe('LayerInputs', () => {
  it('reads what a convolution reads, zeros around the picture', () => {
    const conv = graph.nodes.find((node) => node.op === 'conv') ?? assert.fail();
    assert.ok(conv.op === 'conv' && conv.weightShape.join() === '8,3,3,3');
    const inputs = new LayerInputs(graph, conv);
    // Place 0 is the corner: of its 27 inputs 12 lie in the picture; the second row is that of another place.
    const picture = Float32Array.from({ length: 3 * 256 }, (_, i) => i);
    inputs.add(picture, [0, 1]);
    const [{ values, length } = assert.fail()] = inputs.moments();
    assert.equal(length, 27);
    const ridge = values[0] ?? 0;
    // Kernel row 1, column 1, channel 2 saw 512 and 513: a variance of a quarter.
    const at = (1 * 3 + 1) * 3 + 2;
    assert.ok(Math.abs((values[at * 27 + at] ?? 0) - 0.25 - ridge) < 1e-6);
  });
});

describe('adaptive rounding', () => {
  it('is kept only where it helps, unless it is asked for', async () => {
    const [auto, nearest, adaptive] = [
      await tune(graph, pictures),
      await tune(graph, pictures, { rounding: 'nearest' }),
      await tune(graph, pictures, { rounding: 'adaptive' }),
    ];
    const best = (one: typeof auto) => one.candidates[0].logitSqnrDb;
    assert.ok(Math.abs(best(auto) - Math.max(best(nearest), best(adaptive))) < 1e-9);
    assert.ok(adaptive.trials.some(({ step, kept }) => kept && step.includes('rounded adaptively')));
    assert.ok(!nearest.trials.some(({ step }) => step.includes('rounded adaptively')));
  });

  it('is affordable for a small network and not for one of a thousand channels', () => {
    assert.ok((affordableRows(graph) ?? 0) >= 512);
    const wide = {
      op: 'fully-connected',
      name: 'wide',
      inputs: [graph.input],
      output: 'wide',
      activation: 'none',
    } as const;
    const layer = { ...wide, weights: new Float32Array(2000 * 4), weightShape: [4, 2000], bias: new Float32Array(4) };
    assert.equal(affordableRows({ ...graph, nodes: [layer] }), undefined);
  });
});
