import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compile } from '../passes/pipeline.ts';
import { residualModel, TestModel } from '../testing/test-model.ts';
import { testPlan } from '../testing/test-plan.ts';
import { ACTIVATION, PADDING } from '../tflite/builtins.ts';
import { type TfliteModel, type TfliteOperator, tensorAt } from '../tflite/model.ts';
import { tfliteModel } from './tflite.ts';

const size = { heightPx: 16, widthPx: 16, channels: 3 };

function emitted(file: Uint8Array): TfliteModel {
  const graph = compile(file, size);
  return tfliteModel(graph, testPlan(graph));
}

function kinds({ operators }: TfliteModel): string[] {
  return operators.map(({ builtin }) => builtin);
}

function find<B extends TfliteOperator['builtin']>(model: TfliteModel, builtin: B) {
  const found = model.operators.find((one) => one.builtin === builtin);
  assert.ok(found, builtin);
  return found as Extract<TfliteOperator, { builtin: B }>;
}

/** A network that ends with pooled labels, around the layer under test. */
function ending(build: (model: TestModel) => string, channels: number): Uint8Array {
  const model = new TestModel([1, 3, 16, 16]);
  const pooled = model.op('GlobalAveragePool', [build(model)]);
  return model.finish(model.op('Gemm', [model.op('Flatten', [pooled]), model.weights([channels, 2])]));
}

describe('the TFLite model', () => {
  const model = emitted(residualModel());
  const quantisationOf = (index: number | undefined) => tensorAt(model, index).quantisation;

  it('takes int8 pixels less 128 and gives scores of 1/256 from -128', () => {
    const input = tensorAt(model, model.inputs[0]);
    assert.deepEqual([input.shape, input.type], [[1, 16, 16, 3], 'int8']);
    assert.deepEqual(input.quantisation, { scales: Float32Array.of(1 / 255), zeroPoint: -128, axis: 0 });
    const scores = tensorAt(model, model.outputs[0]);
    assert.deepEqual([scores.shape, scores.type], [[1, 4], 'int8']);
    assert.deepEqual(scores.quantisation, { scales: Float32Array.of(1 / 256), zeroPoint: -128, axis: 0 });
  });

  it('has weights a scale a channel, but one in a dense layer, and biases of input times weight', () => {
    const sizes = { CONV_2D: [8, 0], DEPTHWISE_CONV_2D: [8, 3], FULLY_CONNECTED: [1, 0] } as const;
    for (const [builtin, [count, axis]] of Object.entries(sizes)) {
      const [input, weights, bias] = find(model, builtin as 'CONV_2D').inputs.map((index) => tensorAt(model, index));
      assert.equal(weights?.quantisation?.scales.length, count);
      assert.equal(weights?.quantisation?.axis, axis);
      assert.equal(weights?.quantisation?.zeroPoint, 0);
      const scale = input?.quantisation?.scales[0] ?? 0;
      assert.equal(bias?.type, 'int32');
      assert.deepEqual(
        bias?.quantisation?.scales,
        weights?.quantisation?.scales.map((one) => one * scale),
      );
    }
  });

  it('keeps the scale in pools and reshapes', () => {
    for (const builtin of ['AVERAGE_POOL_2D', 'RESHAPE'] as const) {
      const { inputs, output } = find(model, builtin);
      assert.deepEqual(quantisationOf(inputs[0]), quantisationOf(output));
    }
  });

  it('writes one operator a layer where nothing must be padded', () => {
    assert.deepEqual(kinds(model), [
      ...['CONV_2D', 'CONV_2D', 'CONV_2D', 'ADD', 'DEPTHWISE_CONV_2D', 'CONV_2D', 'AVERAGE_POOL_2D', 'RESHAPE'],
      ...['FULLY_CONNECTED', 'SOFTMAX'],
    ]);
    assert.equal(find(model, 'CONV_2D').options.activation, ACTIVATION.relu);
    assert.equal(find(model, 'DEPTHWISE_CONV_2D').options.activation, ACTIVATION.relu6);
    assert.equal(find(model, 'DEPTHWISE_CONV_2D').options.padding, PADDING.same);
  });
});

describe('windows in TFLite', () => {
  const strided = { strides: [2, 2], pads: [1, 1, 1, 1] };

  it('writes a step of 2 with a pixel on every side, which is not SAME on even pictures, as PAD and VALID', () => {
    const model = emitted(ending((net) => net.conv('image', 3, 4, 3, strided), 4));
    assert.deepEqual(kinds(model).slice(0, 2), ['PAD', 'CONV_2D']);
    assert.equal(find(model, 'CONV_2D').options.padding, PADDING.valid);
    const { inputs, output } = find(model, 'PAD');
    assert.deepEqual(tensorAt(model, output).shape, [1, 18, 18, 3]);
    assert.deepEqual([...(tensorAt(model, inputs[1]).data ?? [])], [0, 0, 1, 1, 1, 1, 0, 0]);
  });

  it('pads a maximum with the least integer', () => {
    const pool = (net: TestModel) => net.op('MaxPool', ['image'], { kernel_shape: [3, 3], ...strided });
    const model = emitted(ending(pool, 3));
    assert.deepEqual(kinds(model).slice(0, 2), ['PADV2', 'MAX_POOL_2D']);
    assert.deepEqual([...(tensorAt(model, find(model, 'PADV2').inputs[2]).data ?? [])], [-128]);
  });

  it('refuses a mean over padding that is not SAME, by name', () => {
    const pool = (net: TestModel) => net.op('AveragePool', ['image'], { kernel_shape: [3, 3], ...strided }, 'the_mean');
    assert.throws(() => emitted(ending(pool, 3)), /"the_mean"/);
  });

  it('writes activations that stand alone, Relu6 behind a QUANTIZE', () => {
    const relu = (net: TestModel) => net.op('Relu', [net.op('MaxPool', ['image'], { kernel_shape: [1, 1] })]);
    assert.deepEqual(kinds(emitted(ending(relu, 3))).slice(0, 2), ['MAX_POOL_2D', 'RELU']);
    const limits = (net: TestModel) => [net.floats([], [0]), net.floats([], [6])];
    const relu6 = (net: TestModel) =>
      net.op('Clip', [net.op('MaxPool', ['image'], { kernel_shape: [1, 1] }), ...limits(net)]);
    assert.deepEqual(kinds(emitted(ending(relu6, 3))).slice(0, 3), ['MAX_POOL_2D', 'QUANTIZE', 'RELU6']);
  });
});
