import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { INT32_MAX } from './fixed-point.ts';
import { expOnNegativeValues, logistic, reciprocal } from './gemmlowp-exp.ts';

describe('exp in fixed point', () => {
  it('is 1 at zero and follows exp to 5e-7', () => {
    assert.equal(expOnNegativeValues(0), INT32_MAX);
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 31), max: -1 }), (raw) => {
        const got = expOnNegativeValues(raw) / 2 ** 31;
        assert.ok(Math.abs(got - Math.exp(raw / 2 ** 26)) < 5e-7, `${raw}: ${got}`);
      }),
    );
  });
});

describe('the logistic function', () => {
  it('follows 1 / (1 + exp(-x)) to 1e-6 and is a half at zero', () => {
    assert.equal(logistic(0), 2 ** 30);
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 31) + 1, max: INT32_MAX }), (raw) => {
        const got = logistic(raw) / 2 ** 31;
        assert.ok(Math.abs(got - 1 / (1 + Math.exp(-raw / 2 ** 27))) < 1e-6, `${raw}: ${got}`);
      }),
    );
  });
});

describe('the reciprocal', () => {
  it('is that of sums from 1 to 2,000, to 1e-8 of its size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2 ** 19, max: 2 ** 30 }), (raw) => {
        const { scale, bitsOverUnit } = reciprocal(raw);
        const got = scale / 2 ** 31 / 2 ** bitsOverUnit;
        const exact = 2 ** 19 / raw;
        assert.ok(Math.abs(got - exact) < exact * 1e-8, `${raw}: ${got} for ${exact}`);
      }),
    );
  });
});
