import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { multiplyByMultiplier, quantizeMultiplier } from '../sim/fixed-point.ts';
import { alikeScale } from './round-alike.ts';

const float = (least: number, most: number) => fc.double({ min: least, max: most, noNaN: true }).map(Math.fround);
const layers = fc.record({
  input: float(1e-3, 1),
  output: float(1e-3, 1),
  wantedSums: fc.double({ min: 17.01, max: 1999, noNaN: true }),
});

/** As TensorFlow Lite Micro does it. */
function rounded(sum: number, weight: number, input: number, output: number): number {
  return multiplyByMultiplier(sum, quantizeMultiplier((input * weight) / output));
}

/** As onnxruntime does it: a float32 factor and product, halves to even. */
function roundedInFloat(sum: number, weight: number, input: number, output: number): number {
  const factor = Math.fround(Math.fround(input * weight) / output);
  const product = Math.fround(sum * factor);
  const below = Math.floor(product);
  return product - below === 0.5 ? below + (below & 1) : Math.round(product);
}

describe('alikeScale', () => {
  it('has both engines round every sum near a half alike, above and below zero', () => {
    const steps = fc.array(fc.integer({ min: -255, max: 255 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(layers, steps, ({ input, output, wantedSums }, ends) => {
        const wanted = Math.fround(output / (2 * input * wantedSums));
        const weight = Math.fround(alikeScale(wanted, input, output));
        const sums = Math.round(output / (2 * input * weight));
        for (const end of ends) {
          for (const away of [-1, 0, 1]) {
            const sum = (2 * end + 1) * sums + away;
            assert.equal(roundedInFloat(sum, weight, input, output), rounded(sum, weight, input, output));
          }
        }
      }),
      {
        numRuns: Number(process.env['ALIKE_RUNS'] ?? 2000),
        // TensorFlow Lite Micro's factor of 31 bits took the sum before a half over it.
        examples: [[{ input: 0.2565760314464569, output: 1, wantedSums: 1988.00006108455 }, [254]]],
      },
    );
  });

  it('makes a scale larger and never by more than an eighth', () => {
    fc.assert(
      fc.property(layers, ({ input, output, wantedSums }) => {
        const wanted = output / (2 * input * wantedSums);
        const growth = alikeScale(wanted, input, output) / wanted;
        assert.ok(growth > 1 - 2 ** -22 && growth <= 9 / 8 + 2 ** -20, `${growth}`);
      }),
    );
  });

  it('gives an even number of sums to a step, but leaves layers of very few products, and of very many, as they are', () => {
    assert.equal(alikeScale(0.4, 1, 1), 0.4);
    assert.equal(alikeScale(1e-5, 1, 1), 1e-5);
    const scale = alikeScale(0.0301, 1, 1);
    assert.ok(scale > 1 / 32 && scale < (1 + 2 ** -21) / 30, `${scale}`);
    const sums = 1 / scale;
    assert.ok(Math.abs(sums - 2 * Math.round(sums / 2)) < 1e-4, `${sums}`);
  });
});
