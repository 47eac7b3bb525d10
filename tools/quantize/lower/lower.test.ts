import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compile } from '../passes/pipeline.ts';
import { assertCompiles } from '../testing/same-output.ts';
import { residualModel, TestModel } from '../testing/test-model.ts';

const operators = (graph: { readonly nodes: readonly { readonly op: string }[] }) =>
  graph.nodes.map(({ op }) => op).join(' ');

/** Ends a test model: a picture of `channels` to three logits. */
function dense(model: TestModel, picture: string, channels: number): string {
  const vector = model.op('Flatten', [model.op('GlobalAveragePool', [picture])]);
  return model.op('Gemm', [vector, model.weights([3, channels]), model.weights([3])], { transB: 1 });
}

describe('lowering gives what onnxruntime makes of the file', () => {
  it('a residual network with a depthwise layer', async () => {
    const graph = await assertCompiles(residualModel(), [16, 16, 3]);
    assert.equal(operators(graph), 'conv conv conv add depthwise conv average-pool reshape fully-connected softmax');
  });

  it('an input with channels last and a Transpose', async () => {
    const model = new TestModel([1, 12, 10, 3]);
    const turned = model.op('Transpose', ['image'], { perm: [0, 3, 1, 2] });
    const graph = await assertCompiles(model.finish(dense(model, model.conv(turned, 3, 5), 5)), [12, 10, 3]);
    assert.ok(!operators(graph).includes('transpose'));
  });

  it('a picture that is flattened channels first into a dense layer', async () => {
    const model = new TestModel([1, 3, 6, 5]);
    const vector = model.op('Reshape', [model.conv('image', 3, 4), model.integers([0, -1])]);
    const logits = model.op('Gemm', [vector, model.weights([6 * 5 * 4, 3]), model.weights([3])]);
    await assertCompiles(model.finish(logits), [6, 5, 3]);
  });

  it('a picture that is flattened channels last', async () => {
    const model = new TestModel([1, 3, 6, 5]);
    const turned = model.op('Transpose', [model.conv('image', 3, 4)], { perm: [0, 2, 3, 1] });
    const vector = model.op('Reshape', [turned, model.integers([1, -1])]);
    await assertCompiles(model.finish(model.op('MatMul', [vector, model.weights([6 * 5 * 4, 3])])), [6, 5, 3]);
  });

  it('MatMul with an Add as one layer', async () => {
    const model = new TestModel([1, 3, 8, 8]);
    const mean = model.op('ReduceMean', [model.conv('image', 3, 4)], { axes: [2, 3], keepdims: 0 });
    const product = model.op('MatMul', [mean, model.weights([4, 3])]);
    const graph = await assertCompiles(model.finish(model.op('Add', [product, model.weights([3])])), [8, 8, 3]);
    assert.equal(operators(graph), 'conv average-pool reshape fully-connected softmax');
  });

  it('ReduceMean over channels-last rows and columns, axes as an input (opset 18)', async () => {
    const model = new TestModel([1, 3, 8, 8], 18);
    const turned = model.op('Transpose', [model.conv('image', 3, 4)], { perm: [0, 2, 3, 1] });
    const mean = model.op('ReduceMean', [turned, model.integers([1, 2])], { keepdims: 0 });
    await assertCompiles(model.finish(model.op('MatMul', [mean, model.weights([4, 3])])), [8, 8, 3]);
  });

  it('pools, Concat and a squeezed end', async () => {
    const model = new TestModel([1, 1, 16, 12]);
    const stem = model.op('Relu', [model.conv('image', 1, 6)]);
    const largest = model.op('MaxPool', [stem], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] });
    const mean = model.op('AveragePool', [stem], { kernel_shape: [2, 2], strides: [2, 2] });
    const joined = model.op('Concat', [largest, mean], { axis: 1 });
    const scores = model.conv(model.op('GlobalMaxPool', [joined]), 12, 3, 1);
    await assertCompiles(model.finish(model.op('Squeeze', [scores, model.integers([2, 3])])), [16, 12, 1]);
  });

  it('steps of two with every way to pad', async () => {
    for (const auto of ['SAME_UPPER', 'SAME_LOWER', 'VALID']) {
      const model = new TestModel([1, 3, 11, 14]);
      const weights = [model.weights([4, 3, 3, 5]), model.weights([4])];
      const picture = model.op('Conv', ['image', ...weights], { auto_pad: auto, strides: [2, 3] });
      await assertCompiles(model.finish(dense(model, picture, 4)), [11, 14, 3]);
    }
  });

  it('a dilated convolution and one filter a channel', async () => {
    const model = new TestModel([1, 3, 16, 16]);
    const wide = model.conv('image', 3, 4, 3, { dilations: [2, 2], pads: [2, 2, 2, 2] });
    const filtered = model.op('Conv', [wide, model.weights([4, 1, 3, 3])], { group: 4, strides: [2, 2] });
    await assertCompiles(model.finish(dense(model, filtered, 4)), [16, 16, 3]);
  });

  it('Gemm with alpha and beta', async () => {
    const model = new TestModel([1, 3, 8, 8]);
    const vector = model.op('Flatten', [model.op('GlobalAveragePool', [model.conv('image', 3, 4)])]);
    const attributes = { alpha: { float: 0.5 }, beta: { float: 2 } };
    const logits = model.op('Gemm', [vector, model.weights([4, 3]), model.weights([1])], attributes);
    await assertCompiles(model.finish(logits), [8, 8, 3]);
  });

  it('an open batch and open sides', async () => {
    const model = new TestModel([0, 3, 0, 0]);
    await assertCompiles(model.finish(dense(model, model.conv('image', 3, 4), 4)), [9, 7, 3]);
  });
});

describe('lowering refuses in one sentence', () => {
  const size = { heightPx: 8, widthPx: 8, channels: 3 };
  const refused = (build: (model: TestModel) => string, expected: RegExp) => {
    const model = new TestModel([1, 3, 8, 8]);
    const file = model.finish(build(model));
    assert.throws(() => compile(file, size), { name: 'LinegateError', code: 'bad-model', message: expected });
  };

  it('a grouped convolution', () => {
    const grouped = (m: TestModel) =>
      dense(m, m.op('Conv', [m.conv('image', 3, 4), m.weights([4, 2, 1, 1])], { group: 2 }, 'block3/conv'), 4);
    refused(grouped, /^Node "block3\/conv" \(Conv\): it has 2 groups/);
  });

  it('weights for other channels', () => {
    refused((m) => dense(m, m.conv('image', 5, 4), 4), /its weights are for 5 channels, its input is \[1,8,8,3\]/);
  });

  it('a difference of two values', () => {
    refused((m) => dense(m, m.op('Sub', ['image', 'image']), 3), /\(Sub\): it joins two values/);
  });

  it('a Clip to other limits', () => {
    const clip = (m: TestModel) => dense(m, m.op('Clip', ['image', m.floats([], [-1]), m.floats([], [1])]), 3);
    refused(clip, /clips to -1 .. 1; Relu and Relu6 are possible/);
  });

  it('a window larger than its picture', () => {
    refused((m) => dense(m, m.conv('image', 3, 4, 9, { pads: [0, 0, 0, 0] }), 4), /a window of 9x9 .* does not fit/);
  });

  it('a picture as the output', () => {
    refused((m) => m.conv('image', 3, 4), /is no vector of scores/);
  });

  it('a recipe of another size', () => {
    const model = new TestModel([1, 3, 8, 8]);
    const file = model.finish(dense(model, 'image', 3));
    assert.throws(() => compile(file, { ...size, widthPx: 9 }), /has the shape \[1,3,8,8\], the recipe gives 9 x 8 px/);
  });
});
