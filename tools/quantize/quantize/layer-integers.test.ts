import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { WeightedNode } from '../ir/graph.ts';
import { layerIntegers } from './layer-integers.ts';

function layer(
  op: Exclude<WeightedNode['op'], 'transpose-conv'>,
  weights: readonly number[],
  bias: readonly number[],
): WeightedNode {
  const common = { name: 'layer', inputs: ['in'], output: 'out', activation: 'none' as const };
  const channels = bias.length;
  const data = { weights: Float32Array.from(weights), bias: Float32Array.from(bias) };
  const perChannel = weights.length / channels;
  if (op === 'fully-connected') return { ...common, op, ...data, weightShape: [channels, perChannel] };
  const window = { kernel: [1, 1] as const, strides: [1, 1] as const, pads: { top: 0, left: 0, bottom: 0, right: 0 } };
  const weightShape = op === 'depthwise' ? [1, perChannel, 1, channels] : [channels, 1, 1, perChannel];
  return { ...common, op, ...data, window, dilations: [1, 1], weightShape };
}

describe('layerIntegers', () => {
  it('gives a convolution a scale an output channel', () => {
    const { weights, scales, bias } = layerIntegers(layer('conv', [1.27, -0.5, 0.254, 0.002], [1, -2]), 0.5);
    assert.deepEqual([...weights], [127, -50, 127, 1]);
    assert.deepEqual(scales, Float32Array.of(0.01, 0.002));
    assert.deepEqual([...bias], [200, -2000]);
  });

  it('finds the channels of a depthwise convolution in the last axis', () => {
    const { weights, scales } = layerIntegers(layer('depthwise', [1.27, 0.1, -0.5, 0.04], [0, 0]), 1);
    assert.deepEqual([...weights], [127, 127, -50, 51]);
    assert.deepEqual(scales, Float32Array.of(1.27 / 127, 0.1 / 127));
  });

  it('gives a fully connected layer one scale', () => {
    const { weights, scales, bias } = layerIntegers(layer('fully-connected', [1.27, 0, 0.01, 0.1], [0, 0.03]), 1);
    assert.deepEqual([...weights], [127, 0, 1, 10]);
    assert.deepEqual(scales, Float32Array.of(0.01));
    assert.deepEqual([...bias], [0, 3]);
  });

  const number = fc.float({ min: -100, max: 100, noNaN: true });
  const list = (length: number) => fc.array(number, { minLength: length, maxLength: length });
  const operators = fc.constantFrom('conv' as const, 'fully-connected' as const);

  it('keeps weights within -127 to 127 and to within half a step', () => {
    fc.assert(
      fc.property(list(6), list(2), operators, (given, bias, op) => {
        const { weights, scales } = layerIntegers(layer(op, given, bias), 1e-4);
        const errors = given.map((weight, i) => {
          const scale = scales[scales.length === 1 ? 0 : Math.floor(i / 3)] ?? 0;
          return Math.abs((weights[i] ?? 0) * scale - weight) - 0.5001 * scale;
        });
        assert.ok(weights.every((weight) => Math.abs(weight) <= 127));
        assert.ok(Math.max(...errors) <= 1e-12);
      }),
    );
  });

  it('keeps a bias to within half a step, however large it is against the weights', () => {
    fc.assert(
      fc.property(list(6), list(2), operators, (given, biases, op) => {
        const { bias, scales } = layerIntegers(layer(op, given, biases), 1e-4);
        const errors = biases.map((real, channel) => {
          const step = 1e-4 * (scales[scales.length === 1 ? 0 : channel] ?? 0);
          return Math.abs((bias[channel] ?? 0) * step - real) - 0.5001 * step;
        });
        assert.ok(Math.max(...errors) <= 1e-6);
      }),
    );
  });

  it('survives a channel without any weight', () => {
    const { weights, bias } = layerIntegers(layer('conv', [0, 0, 1, 1], [5, 1]), 0.01);
    assert.deepEqual([...weights], [0, 0, 127, 127]);
    assert.ok((bias[0] ?? 0) > 1e6, 'the bias of a dead channel keeps its value');
  });
});
