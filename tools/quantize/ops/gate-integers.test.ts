import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { int8Tensor, runOperator } from '../testing/tflite-case.ts';
import { ACTIVATION } from '../tflite/builtins.ts';

const ALL = Array.from({ length: 256 }, (_, i) => i - 128);
const scale = fc.double({ min: 0.001, max: 0.2, noNaN: true }).map(Math.fround);
const zeroPoint = fc.integer({ min: -128, max: 127 });

describe('LOGISTIC', () => {
  it('is a half at zero and ends at 0 and 255 of 256', () => {
    const input = int8Tensor([1, 4], 0.1, -3);
    const output = int8Tensor([1, 4], 1 / 256, -128);
    assert.deepEqual(runOperator('LOGISTIC', {}, [input], output, [-3, 127, -128, 7]), [0, 127, -128, 59]);
  });

  it('is within a step of the real function, whatever the scale', () => {
    fc.assert(
      fc.property(scale, zeroPoint, (step, zero) => {
        const got = runOperator(
          'LOGISTIC',
          {},
          [int8Tensor([1, 256], step, zero)],
          int8Tensor([1, 256], 1 / 256, -128),
          ALL,
        );
        for (const [i, stored] of got.entries()) {
          const real = 256 / (1 + Math.exp(-step * (i - 128 - zero))) - 128;
          assert.ok(Math.abs(stored - Math.min(127, real)) <= 1, `${stored} for ${real}`);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('HARD_SWISH', () => {
  const real = (x: number) => (x * Math.max(0, Math.min(6, x + 3))) / 6;

  it('is nothing below -3, the number itself above 3', () => {
    const input = int8Tensor([1, 5], 1 / 16, 0);
    const output = int8Tensor([1, 5], 1 / 16, 0);
    // In steps of 1/16: -4, -3, -1.5 (-0.375), 3 and 5.
    assert.deepEqual(runOperator('HARD_SWISH', {}, [input], output, [-64, -48, -24, 48, 80]), [0, 0, -6, 48, 80]);
  });

  it('is within a step and a half of the real function, whatever the scales', () => {
    fc.assert(
      fc.property(scale, zeroPoint, scale, (step, zero, outStep) => {
        fc.pre(outStep > step / 64);
        const output = int8Tensor([1, 256], outStep, 5);
        const got = runOperator('HARD_SWISH', {}, [int8Tensor([1, 256], step, zero)], output, ALL);
        for (const [i, stored] of got.entries()) {
          const exact = Math.max(-128, Math.min(127, real(step * (i - 128 - zero)) / outStep + 5));
          assert.ok(Math.abs(stored - exact) <= 1.5, `${stored} for ${exact}`);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('refuses an output that is much finer than its input', () => {
    const run = () => runOperator('HARD_SWISH', {}, [int8Tensor([1, 1], 1, 0)], int8Tensor([1, 1], 0.001, 0), [1]);
    assert.throws(run, /too small for a HARD_SWISH/);
  });
});

describe('MUL', () => {
  const options = { activation: ACTIVATION.none };

  it('multiplies what is above the zero points', () => {
    const left = int8Tensor([1, 3], 0.5, 1);
    // Both inputs are one tensor here: (x - 1)^2 / 4 in steps of 1/2.
    const output = int8Tensor([1, 3], 0.5, -2);
    assert.deepEqual(
      runOperator('MUL', options, [left, { ...left, data: Int8Array.of(3, 5, -7) }], output, [3, 5, 9]),
      [0, 6, -34],
    );
  });

  it('takes a factor a channel from either side', () => {
    const picture = int8Tensor([1, 1, 3, 2], 1, 0);
    const factors = int8Tensor([1, 1, 1, 2], 1, 0, [2, 3]);
    const given = [1, 2, 3, 4, 5, 6];
    const wanted = [2, 6, 6, 12, 10, 18];
    assert.deepEqual(runOperator('MUL', options, [picture, factors], picture, given), wanted);
    const stored = { ...picture, data: Int8Array.from(given) };
    const { data: _, ...open } = factors;
    assert.deepEqual(runOperator('MUL', options, [open, stored], picture, [2, 3]), wanted);
  });

  it('refuses other shapes', () => {
    const run = () =>
      runOperator(
        'MUL',
        options,
        [int8Tensor([1, 2], 1, 0), int8Tensor([1, 3], 1, 0, [1, 2, 3])],
        int8Tensor([1, 2], 1, 0),
        [1, 2],
      );
    assert.throws(run, /its operator gives \[1,3\]/);
  });
});
