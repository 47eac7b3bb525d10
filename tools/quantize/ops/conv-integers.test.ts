import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { int8Tensor, int32Tensor, runOperator, weightTensor } from '../testing/tflite-case.ts';
import { ACTIVATION, PADDING } from '../tflite/builtins.ts';

const plain = {
  padding: PADDING.valid,
  strideW: 1,
  strideH: 1,
  activation: ACTIVATION.none,
  dilationW: 1,
  dilationH: 1,
};

describe('CONV_2D', () => {
  it('sums pixels less their zero point times weights, and rescales every channel on its own', () => {
    const input = int8Tensor([1, 1, 2, 2], 0.5, -1);
    const weights = weightTensor([2, 1, 1, 2], [0.25, 0.5], [1, 2, -3, 4]);
    const output = int8Tensor([1, 1, 2, 2], 1, 5);
    const got = runOperator('CONV_2D', plain, [input, weights, int32Tensor([8, -4])], output, [3, 7, -1, 9]);
    // Pixels less -1: (4, 8) and (0, 10). Channel 0: (4 + 16 + 8) / 8 = 3.5 and (20 + 8) / 8 = 3.5, halves up.
    // Channel 1: (-12 + 32 - 4) / 4 = 4 and (40 - 4) / 4 = 9.
    assert.deepEqual(got, [4 + 5, 4 + 5, 4 + 5, 9 + 5]);
  });

  it('rounds twice, as gemmlowp does: a quarter of a step becomes a half and then one, but only above zero', () => {
    const weights = weightTensor([1, 1, 1, 1], [0.5], [1]);
    const output = int8Tensor([1, 1, 1, 1], 1, 0);
    const half = (pixel: number) =>
      runOperator('CONV_2D', plain, [int8Tensor([1, 1, 1, 1], 0.5, 0), weights], output, [pixel])[0];
    // A weight is worth a quarter of a step. The first rounding takes halves up, the second away from zero.
    assert.deepEqual([half(2), half(-2), half(1), half(-1), half(6), half(-6)], [1, -1, 1, 0, 2, -2]);
  });

  it('counts padding as real zero: SAME keeps the size', () => {
    const input = int8Tensor([1, 2, 2, 1], 1, -10);
    const weights = weightTensor([1, 3, 3, 1], [1], [1, 1, 1, 1, 1, 1, 1, 1, 1]);
    const output = int8Tensor([1, 2, 2, 1], 1, 0);
    const options = { ...plain, padding: PADDING.same };
    assert.deepEqual(runOperator('CONV_2D', options, [input, weights], output, [-9, -8, -7, -6]), [10, 10, 10, 10]);
  });

  it('puts the odd pixel of SAME behind, and steps and gaps where they belong', () => {
    const input = int8Tensor([1, 1, 4, 1], 1, 0);
    const taps = weightTensor([1, 1, 3, 1], [1], [1, 10, 100]);
    const same = { ...plain, padding: PADDING.same, strideW: 2 };
    // 4 wide in steps of 2 with 3 taps: one pixel is missing, behind.
    const got = runOperator('CONV_2D', same, [input, taps], int8Tensor([1, 1, 2, 1], 1, 0), [1, 0, 1, 0]);
    assert.deepEqual(got, [101, 1]);
    const gaps = { ...plain, dilationW: 2 };
    const narrow = weightTensor([1, 1, 2, 1], [1], [1, 10]);
    assert.deepEqual(
      runOperator('CONV_2D', gaps, [input, narrow], int8Tensor([1, 1, 2, 1], 1, 0), [1, 2, 3, 4]),
      [31, 42],
    );
  });

  it('ends at the activation and at the edges of int8', () => {
    const input = int8Tensor([1, 1, 1, 1], 1, 0);
    const weights = weightTensor([1, 1, 1, 1], [1], [100]);
    const run = (activation: number, pixel: number) =>
      runOperator('CONV_2D', { ...plain, activation }, [input, weights], int8Tensor([1, 1, 1, 1], 0.5, -100), [
        pixel,
      ])[0];
    assert.deepEqual([run(ACTIVATION.none, 100), run(ACTIVATION.none, -100)], [127, -128]);
    assert.deepEqual([run(ACTIVATION.relu, 100), run(ACTIVATION.relu, -100)], [127, -100]);
    assert.deepEqual([run(ACTIVATION.relu6, 100), run(ACTIVATION.relu6, -100)], [-100 + 12, -100]);
  });

  it('stays in int8 and within a step of real arithmetic, whatever the numbers', () => {
    const int8 = fc.integer({ min: -128, max: 127 });
    const weight = fc.integer({ min: -127, max: 127 });
    const four = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: 4, maxLength: 4 });
    const bias = fc.integer({ min: -(2 ** 20), max: 2 ** 20 });
    const scale = fc.double({ min: 1e-3, max: 1, noNaN: true });
    fc.assert(
      fc.property(four(int8), four(weight), bias, int8, scale, (pixels, taps, shift, zeroPoint, step) => {
        const factor = Math.fround(step);
        const input = int8Tensor([1, 1, 1, 4], 1, zeroPoint);
        const weights = weightTensor([1, 1, 1, 4], [factor], taps);
        const output = int8Tensor([1, 1, 1, 1], 1, 0);
        const [got = Number.NaN] = runOperator(
          'CONV_2D',
          plain,
          [input, weights, int32Tensor([shift])],
          output,
          pixels,
        );
        const sum = pixels.reduce((all, pixel, i) => all + (pixel - zeroPoint) * (taps[i] ?? 0), shift);
        const real = Math.min(127, Math.max(-128, sum * factor));
        assert.ok(Math.abs(got - real) <= 0.76 && got >= -128 && got <= 127, `${got} for ${real}`);
      }),
    );
  });
});

describe('DEPTHWISE_CONV_2D', () => {
  const options = { ...plain, depthMultiplier: 1 };

  it('has one filter and one scale a channel', () => {
    const input = int8Tensor([1, 1, 2, 2], 1, 0);
    const weights = weightTensor([1, 1, 2, 2], [1, 0.5], [1, 2, 3, 4], 3);
    const bias = int32Tensor([0, 2]);
    const got = runOperator(
      'DEPTHWISE_CONV_2D',
      options,
      [input, weights, bias],
      int8Tensor([1, 1, 1, 2], 1, 0),
      [5, 6, 7, 8],
    );
    assert.deepEqual(got, [5 + 21, (12 + 32 + 2) / 2]);
  });

  it('refuses several filters a channel', () => {
    const input = int8Tensor([1, 1, 1, 1], 1, 0);
    const weights = weightTensor([1, 1, 1, 2], [1, 1], [1, 2], 3);
    const run = () => runOperator('DEPTHWISE_CONV_2D', options, [input, weights], int8Tensor([1, 1, 1, 2], 1, 0), [1]);
    assert.throws(run, /makes 2 channels of 1/);
  });
});
