import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { int8Tensor, int32Tensor, runOperator, weightTensor } from '../testing/tflite-case.ts';
import { ACTIVATION, PADDING } from '../tflite/builtins.ts';

const int8 = fc.integer({ min: -128, max: 127 });
const vector = (scale: number, zeroPoint: number, length = 2, data?: readonly number[]) =>
  int8Tensor([1, length], scale, zeroPoint, data);

describe('FULLY_CONNECTED', () => {
  it('sums all inputs with one scale', () => {
    const weights = weightTensor([2, 3], [0.5], [1, 2, 3, -4, 5, -6]);
    const got = runOperator(
      'FULLY_CONNECTED',
      { activation: ACTIVATION.none },
      [vector(0.5, 1, 3), weights, int32Tensor([10, 20])],
      vector(1, -3),
      [11, 21, 31],
    );
    // Inputs less 1: 10, 20, 30; (10 + 40 + 90 + 10) / 4 = 37.5 and (-40 + 100 - 180 + 20) / 4 = -25.
    assert.deepEqual(got, [38 - 3, -25 - 3]);
  });

  it('refuses a scale a channel, which TFLite 2.9 gets wrong without a word', () => {
    const weights = weightTensor([2, 1], [0.5, 1], [1, 2]);
    const run = () =>
      runOperator('FULLY_CONNECTED', { activation: ACTIVATION.none }, [vector(1, 0, 1), weights], vector(1, 0), [1]);
    assert.throws(run, /needs one scale/);
  });
});

describe('ADD', () => {
  const add = (activation: number, stored: readonly number[], given: readonly number[]) =>
    runOperator('ADD', { activation }, [vector(0.5, 10), vector(0.25, -20, 2, stored)], vector(0.5, 0), given);

  it('brings both to one scale', () => {
    // (14 - 10) / 2 + (0 + 20) / 4 = 7 = 14 steps; -5 + 1 = -4 = -8 steps.
    assert.deepEqual(add(ACTIVATION.none, [0, -16], [14, 0]), [14, -8]);
  });

  it('saturates and ends at its activation', () => {
    assert.deepEqual(add(ACTIVATION.none, [127, -128], [127, -128]), [127, -128]);
    assert.deepEqual(add(ACTIVATION.relu, [0, -16], [14, 0]), [14, 0]);
    assert.deepEqual(add(ACTIVATION.relu6, [0, -16], [14, 0]), [12, 0]);
  });

  it('is within a step of the real sum', () => {
    fc.assert(
      fc.property(int8, int8, (a, b) => {
        const real = Math.min(127, Math.max(-128, a - 10 + (b + 20) / 2));
        const [got = Number.NaN] = add(ACTIVATION.none, [b, b], [a, a]);
        assert.ok(Math.abs(got - real) <= 0.51, `${a} + ${b}: ${got} for ${real}`);
      }),
    );
  });
});

describe('pools', () => {
  const options = { padding: PADDING.valid, strideW: 2, strideH: 2, filterW: 2, filterH: 2, activation: 0 };
  const picture = int8Tensor([1, 2, 4, 1], 0.1, 0);
  const output = int8Tensor([1, 1, 2, 1], 0.1, 0);

  it('average rounds halves away from zero', () => {
    const got = runOperator('AVERAGE_POOL_2D', options, [picture], output, [1, 2, -1, -2, 3, 4, -3, -4]);
    assert.deepEqual(got, [3, -3]);
    assert.deepEqual(runOperator('AVERAGE_POOL_2D', options, [picture], output, [0, 0, 0, 0, 0, 1, 0, -1]), [0, 0]);
  });

  it('average leaves padding out of sum and count', () => {
    const same = { ...options, padding: PADDING.same, filterW: 3, filterH: 3, strideW: 1, strideH: 1 };
    const small = int8Tensor([1, 2, 2, 1], 0.1, 0);
    assert.deepEqual(runOperator('AVERAGE_POOL_2D', same, [small], small, [4, 8, 12, 16]), [10, 10, 10, 10]);
  });

  it('maximum takes the largest', () => {
    const got = runOperator('MAX_POOL_2D', options, [picture], output, [1, 2, -128, -128, 3, 4, -128, -127]);
    assert.deepEqual(got, [4, -127]);
  });
});

describe('operators that move integers', () => {
  it('CONCATENATION puts channels side by side', () => {
    const left = int8Tensor([1, 1, 2, 2], 1, 0);
    const right = int8Tensor([1, 1, 2, 1], 1, 0, [9, 8]);
    const output = int8Tensor([1, 1, 2, 3], 1, 0);
    const got = runOperator('CONCATENATION', { axis: 3, activation: 0 }, [left, right], output, [1, 2, 3, 4]);
    assert.deepEqual(got, [1, 2, 9, 3, 4, 8]);
  });

  it('RESHAPE keeps the order', () => {
    const output = int8Tensor([1, 4], 1, 0);
    assert.deepEqual(
      runOperator('RESHAPE', { shape: [1, 4] }, [int8Tensor([1, 2, 2, 1], 1, 0)], output, [4, 3, 2, 1]),
      [4, 3, 2, 1],
    );
  });

  it('PAD fills with the zero point, PADV2 with its number', () => {
    const pads = int32Tensor([0, 0, 1, 0, 0, 1, 0, 0], [4, 2]);
    const input = int8Tensor([1, 1, 1, 2], 1, -7);
    const output = int8Tensor([1, 2, 2, 2], 1, -7);
    assert.deepEqual(runOperator('PAD', {}, [input, pads], output, [1, 2]), [-7, -7, -7, -7, 1, 2, -7, -7]);
    const filling = int8Tensor([1], 1, -7, [-128]);
    assert.deepEqual(
      runOperator('PADV2', {}, [input, pads, filling], output, [1, 2]),
      [-128, -128, -128, -128, 1, 2, -128, -128],
    );
  });
});

describe('operators that rescale or cut', () => {
  it('QUANTIZE changes the scale and saturates', () => {
    const run = (value: number) => runOperator('QUANTIZE', {}, [vector(0.5, 0, 1)], vector(0.25, -10, 1), [value])[0];
    assert.deepEqual([run(0), run(5), run(-5), run(127), run(-128)], [-10, 0, -20, 127, -128]);
  });

  it('RELU cuts at the output’s zero', () => {
    const run = (value: number) => runOperator('RELU', {}, [vector(0.5, 0, 1)], vector(0.25, -10, 1), [value])[0];
    assert.deepEqual([run(0), run(5), run(-5), run(127)], [-10, 0, -10, 127]);
  });

  it('RELU6 cuts at zero and six', () => {
    const run = (value: number) => runOperator('RELU6', {}, [vector(0.5, -3, 1)], vector(0.5, -3, 1), [value])[0];
    assert.deepEqual([run(-100), run(0), run(9), run(10)], [-3, 0, 9, 9]);
  });
});

describe('SOFTMAX', () => {
  const softmax = (scale: number, given: readonly number[]) =>
    runOperator('SOFTMAX', { beta: 1 }, [vector(scale, 0, given.length)], vector(1 / 256, -128, given.length), given);

  it('shares 256 steps evenly among equals', () => {
    assert.deepEqual(softmax(0.1, [5, 5]), [0, 0]);
    assert.deepEqual(softmax(0.1, [-3, -3, -3, -3]), [-64, -64, -64, -64]);
  });

  it('gives everything to what is far ahead', () => {
    assert.deepEqual(softmax(0.5, [127, -128, 0]), [127, -128, -128]);
  });

  it('follows exp to a step, for every scale', () => {
    const scales = fc.double({ min: 1e-3, max: 2, noNaN: true });
    fc.assert(
      fc.property(fc.array(int8, { minLength: 2, maxLength: 12 }), scales, (given, step) => {
        const scale = Math.fround(step);
        const exponents = given.map((value) => Math.exp((value - Math.max(...given)) * scale));
        const sum = exponents.reduce((all, one) => all + one, 0);
        for (const [i, got] of softmax(scale, given).entries()) {
          const real = Math.min(127, (256 * (exponents[i] ?? 0)) / sum - 128);
          assert.ok(Math.abs(got - real) <= 1, `${got} for ${real}`);
        }
      }),
    );
  });
});
