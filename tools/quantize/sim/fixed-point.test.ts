import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  doublingHighMul,
  INT32_MAX,
  INT32_MIN,
  multiplyByMultiplier,
  quantizeMultiplier,
  roundingDivideByPot,
  saturatingShiftLeft,
} from './fixed-point.ts';

const int32 = fc.integer({ min: INT32_MIN, max: INT32_MAX });

/** gemmlowp's definition, word for word, in whole numbers without limit. */
function exactHighMul(a: number, b: number): number {
  if (a === INT32_MIN && b === INT32_MIN) return INT32_MAX;
  const product = BigInt(a) * BigInt(b);
  const nudge = product >= 0n ? 2n ** 30n : 1n - 2n ** 30n;
  return Number((product + nudge) / 2n ** 31n);
}

/** gemmlowp's definition with its mask and threshold. */
function exactDivide(x: number, exponent: number): number {
  const mask = (1n << BigInt(exponent)) - 1n;
  const remainder = BigInt.asUintN(32, BigInt(x)) & mask;
  const threshold = (mask >> 1n) + (x < 0 ? 1n : 0n);
  return Number((BigInt(x) >> BigInt(exponent)) + (remainder > threshold ? 1n : 0n));
}

describe('fixed point', () => {
  it('multiplies as gemmlowp does', () => {
    assert.equal(doublingHighMul(2 ** 30, 2 ** 30), 2 ** 29);
    assert.equal(doublingHighMul(INT32_MIN, INT32_MIN), INT32_MAX);
    assert.equal(doublingHighMul(INT32_MIN, INT32_MAX), -INT32_MAX);
    assert.equal(doublingHighMul(3, 2 ** 30), 2);
    assert.equal(doublingHighMul(-3, 2 ** 30), -1);
    fc.assert(fc.property(int32, int32, (a, b) => assert.equal(doublingHighMul(a, b), exactHighMul(a, b))));
  });

  it('divides by powers of two to nearest, halves away from zero', () => {
    assert.deepEqual(
      [5, 6, 7, -5, -6, -7].map((x) => roundingDivideByPot(x, 2)),
      [1, 2, 2, -1, -2, -2],
    );
    fc.assert(
      fc.property(int32, fc.integer({ min: 0, max: 31 }), (x, exponent) =>
        assert.equal(roundingDivideByPot(x, exponent) + 0, exactDivide(x, exponent)),
      ),
    );
  });

  it('writes real factors with 31 bits', () => {
    assert.deepEqual(quantizeMultiplier(0), { multiplier: 0, shift: 0 });
    assert.deepEqual(quantizeMultiplier(1), { multiplier: 2 ** 30, shift: 1 });
    assert.deepEqual(quantizeMultiplier(0.75), { multiplier: 0.75 * 2 ** 31, shift: 0 });
    assert.deepEqual(quantizeMultiplier(0.005), { multiplier: 1374389535, shift: -7 });
    assert.deepEqual(quantizeMultiplier(1 - 2 ** -40), { multiplier: 2 ** 30, shift: 1 });
    assert.deepEqual(quantizeMultiplier(2 ** -40), { multiplier: 0, shift: 0 });
    fc.assert(
      fc.property(fc.double({ min: 2 ** -30, max: 2 ** 20, noNaN: true }), (real) => {
        const { multiplier, shift } = quantizeMultiplier(real);
        assert.ok(multiplier >= 2 ** 30 && multiplier < 2 ** 31);
        assert.ok(Math.abs((multiplier / 2 ** 31) * 2 ** shift - real) <= real * 2 ** -31);
      }),
    );
  });

  it('scales a sum to within one step, and 0 to 0', () => {
    assert.equal(multiplyByMultiplier(1000, quantizeMultiplier(0.005)), 5);
    assert.equal(multiplyByMultiplier(100, quantizeMultiplier(3)), 300);
    fc.assert(
      fc.property(
        fc.integer({ min: -(2 ** 26), max: 2 ** 26 }),
        fc.double({ min: 1e-6, max: 8, noNaN: true }),
        (x, real) => {
          const got = multiplyByMultiplier(x, quantizeMultiplier(real));
          assert.ok(Math.abs(got - x * real) <= 1.01, `${x} * ${real} = ${got}`);
          assert.ok(Number.isInteger(got));
        },
      ),
    );
    assert.equal(multiplyByMultiplier(0, quantizeMultiplier(0.3)), 0);
  });

  it('limits shifts to 32 bits', () => {
    assert.equal(saturatingShiftLeft(2 ** 28, 5), INT32_MAX);
    assert.equal(saturatingShiftLeft(-(2 ** 28), 5), INT32_MIN);
    assert.equal(saturatingShiftLeft(-3, 5), -96);
  });
});
