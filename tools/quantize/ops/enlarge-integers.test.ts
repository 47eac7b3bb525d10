import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { int8Tensor, int32Tensor, runOperator, weightTensor } from '../testing/tflite-case.ts';
import { PADDING } from '../tflite/builtins.ts';
import { nearestPlace } from './resize.ts';

describe('RESIZE_NEAREST_NEIGHBOR', () => {
  const run = (halfPixelCentres: number, columns: number, given: readonly number[]) =>
    runOperator(
      'RESIZE_NEAREST_NEIGHBOR',
      { alignCorners: 0, halfPixelCentres },
      [int8Tensor([1, 1, given.length, 1], 1, 0), int32Tensor([1, columns])],
      int8Tensor([1, 1, columns, 1], 1, 0),
      given,
    );

  it('repeats, or leaves out, pixels', () => {
    assert.deepEqual(run(0, 4, [5, 9]), [5, 5, 9, 9]);
    assert.deepEqual(run(0, 3, [5, 9]), [5, 5, 9]);
    assert.deepEqual(run(1, 3, [5, 9]), [5, 9, 9]);
    assert.deepEqual(run(0, 2, [1, 2, 3, 4]), [1, 3]);
    assert.deepEqual(run(1, 2, [1, 2, 3, 4]), [2, 4]);
  });

  it('stays inside the picture', () => {
    const side = fc.integer({ min: 1, max: 300 });
    fc.assert(
      fc.property(side, side, fc.boolean(), (from, to, half) => {
        const places = Array.from({ length: to }, (_, at) => nearestPlace(at, from, to, half));
        assert.ok(places.every((place, i) => place >= (places[i - 1] ?? 0) && place < from));
      }),
    );
  });
});

describe('TRANSPOSE_CONV', () => {
  const run = (padding: number, columns: number, taps: readonly number[], given: readonly number[], bias = 0) =>
    runOperator(
      'TRANSPOSE_CONV',
      { padding, strideW: 2, strideH: 1 },
      [
        int32Tensor([1, 1, columns, 1]),
        weightTensor([1, 1, taps.length, 1], [0.5], taps),
        int8Tensor([1, 1, given.length, 1], 1, 1),
        int32Tensor([bias]),
      ],
      int8Tensor([1, 1, columns, 1], 0.5, -3),
      given,
      2,
    );

  it('spreads every pixel less its zero point by the kernel', () => {
    // Pixels 1 and 3, taps 1, 10 and 20 in steps of two: 1, 10, 20 + 3, 30, 60.
    assert.deepEqual(run(PADDING.valid, 5, [1, 10, 20], [2, 4]), [-2, 7, 20, 27, 57]);
    assert.deepEqual(run(PADDING.valid, 5, [1, 10, 20], [2, 4], 4), [2, 11, 24, 31, 61]);
  });

  it('cuts half of what reaches beyond the output off the front for SAME', () => {
    assert.deepEqual(run(PADDING.same, 4, [1, 10, 20], [2, 4]), [-2, 7, 20, 27]);
    assert.deepEqual(run(PADDING.same, 4, [1, 10, 20, 5], [2, 4]), [7, 20, 32, 57]);
  });

  it('refuses a kernel without an end', () => {
    assert.throws(() => run(PADDING.valid, 2 ** 21, new Array<number>(2 ** 20).fill(1), [1, 2]), /is not possible/);
  });
});
