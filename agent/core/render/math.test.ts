import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { clamp, cosTurns, length, noiseAt, noiseTile, powerOfTwo, sinTurns, smooth } from './math.ts';
import { randomOf } from './prng.ts';

const number = fc.double({ min: -50, max: 50, noNaN: true });

test('sine and cosine in turns are true to 4e-6', () => {
  fc.assert(
    fc.property(number, (turns) => {
      assert.ok(Math.abs(sinTurns(turns) - Math.sin(turns * 2 * Math.PI)) < 4e-6);
      assert.ok(Math.abs(cosTurns(turns) - Math.cos(turns * 2 * Math.PI)) < 4e-6);
    }),
  );
});

test('smooth rises from 0 to 1, or falls when its bounds are turned round', () => {
  assert.equal(smooth(2, 4, 1), 0);
  assert.equal(smooth(2, 4, 3), 0.5);
  assert.equal(smooth(2, 4, 5), 1);
  assert.equal(smooth(4, 2, 1), 1);
  assert.equal(smooth(4, 2, 5), 0);
});

test('noise stays within its lattice, repeats after 64 steps and has no jumps', () => {
  const tile = noiseTile(randomOf(3, 0));
  fc.assert(
    fc.property(number, number, (x, y) => {
      const value = noiseAt(tile, x, y);
      assert.ok(value >= -1 && value <= 1);
      assert.ok(Math.abs(noiseAt(tile, x + 64, y - 128) - value) < 1e-9);
      assert.ok(Math.abs(noiseAt(tile, x + 1e-4, y + 1e-4) - value) < 1e-3);
    }),
  );
});

test('small helpers', () => {
  assert.equal(clamp(-1, 0, 2), 0);
  assert.equal(clamp(3, 0, 2), 2);
  assert.equal(clamp(1, 0, 2), 1);
  assert.equal(length(3, 4), 5);
  assert.equal(powerOfTwo(3, 3), 6561);
});
