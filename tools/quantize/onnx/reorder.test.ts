import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { reshapedTo, transposed } from './reorder.ts';

const shapes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 });

describe('transposed', () => {
  it('turns rows into columns', () => {
    const turned = transposed(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3], [1, 0]);
    assert.deepEqual(turned, { data: Float32Array.of(1, 4, 2, 5, 3, 6), shape: [3, 2] });
  });

  it('puts element [a, b, ...] where the order of axes says', () => {
    const cases = shapes.chain((shape) =>
      fc.tuple(fc.constant(shape), fc.shuffledSubarray([...shape.keys()], { minLength: shape.length })),
    );
    fc.assert(
      fc.property(cases, ([shape, perm]) => {
        const data = Float32Array.from({ length: shape.reduce((all, side) => all * side, 1) }, (_, i) => i);
        const there = transposed(data, shape, perm);
        const back = perm.map((_, axis) => perm.indexOf(axis));
        assert.deepEqual(transposed(there.data, there.shape, back), { data, shape });
      }),
    );
  });
});

describe('reshapedTo', () => {
  it('keeps a side for 0 and takes the rest for -1', () => {
    assert.deepEqual(reshapedTo([1, 3, 4, 5], [0, -1]), [1, 60]);
    assert.deepEqual(reshapedTo([1, 8], [1, 2, 2, 2]), [1, 2, 2, 2]);
  });
});
