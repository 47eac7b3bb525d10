import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FullyConnectedNode } from '../ir/graph.ts';
import { correctBias } from './correct-bias.ts';
import { layerIntegers } from './layer-integers.ts';

const dense: FullyConnectedNode = {
  op: 'fully-connected',
  name: 'dense',
  inputs: ['in'],
  output: 'out',
  weights: Float32Array.of(1.27, 0.004, -0.006, 0.3049),
  weightShape: [2, 2],
  bias: Float32Array.of(0.5, -0.25),
  activation: 'none',
};

/** The output of the integers for a real input, in real numbers. */
function output(made: ReturnType<typeof layerIntegers>, input: readonly number[], scale: number) {
  const step = made.scales[0] ?? 0;
  return [...made.bias].map(
    (bias, o) =>
      bias * scale * step + input.reduce((sum, x, i) => sum + x * step * (made.weights[o * input.length + i] ?? 0), 0),
  );
}

describe('correctBias', () => {
  const means = Float32Array.of(3, 20);
  const scale = 1e-4;

  it('gives the mean output that the exact weights give', () => {
    const plain = layerIntegers(dense, scale);
    const exact = [1.27 * 3 + 0.004 * 20 + 0.5, -0.006 * 3 + 0.3049 * 20 - 0.25];
    const errorOf = (made: typeof plain) =>
      output(made, [...means], scale).map((y, o) => Math.abs(y - (exact[o] ?? 0)));
    assert.ok(Math.max(...errorOf(plain)) > 0.05);
    assert.ok(Math.max(...errorOf(correctBias(dense, plain, means, scale))) < 1e-5);
  });

  it('changes nothing where rounding changed nothing', () => {
    const exact = { ...dense, weights: Float32Array.of(1.27, 0.02, -0.05, 0.3) };
    const plain = layerIntegers(exact, 1);
    assert.deepEqual(correctBias(exact, plain, means, 1), plain);
  });

  it('finds the input channel of a depthwise filter in its last axis', () => {
    const window = {
      kernel: [2, 1] as const,
      strides: [1, 1] as const,
      pads: { top: 0, left: 0, bottom: 0, right: 0 },
    };
    const shape = { weightShape: [1, 2, 1, 2], window, dilations: [1, 1] as const };
    const depthwise = {
      ...dense,
      ...shape,
      op: 'depthwise' as const,
      weights: Float32Array.of(1.27, 1.27, 0.004, 0.006),
    };
    const plain = layerIntegers(depthwise, scale);
    const { bias } = correctBias(depthwise, plain, means, scale);
    // 0.004 became 0 at a mean of 3, 0.006 became 0.01 at a mean of 20.
    const shifts = [...bias].map((b, c) => (b - (plain.bias[c] ?? 0)) * scale * (plain.scales[c] ?? 0));
    assert.ok(Math.abs((shifts[0] ?? 0) - 0.012) < 1e-4 && Math.abs((shifts[1] ?? 0) + 0.08) < 1e-4, String(shifts));
  });
});
