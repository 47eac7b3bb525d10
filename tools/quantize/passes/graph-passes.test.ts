import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Graph } from '../ir/graph.ts';
import { lower } from '../lower/lower.ts';
import { readModel } from '../onnx/codec.ts';
import { onnxGraph } from '../onnx/graph.ts';
import { assertCompiles } from '../testing/same-output.ts';
import { TestModel } from '../testing/test-model.ts';
import { absorbPads } from './absorb-pads.ts';
import { affineToDepthwise } from './affine-to-depthwise.ts';
import { appendSoftmax } from './append-softmax.ts';
import { foldBatchNorm } from './fold-batch-norm.ts';
import { fuseActivation } from './fuse-activation.ts';

const operators = (graph: Graph) => graph.nodes.map(({ op }) => op);

/** A model with `build` between the input and a vector of scores. */
function modelOf(channels: number, build: (model: TestModel) => string): Uint8Array {
  const model = new TestModel([1, 3, 8, 8]);
  const picture = build(model);
  const vector = model.op('Flatten', [model.op('GlobalAveragePool', [picture])]);
  return model.finish(model.op('Gemm', [vector, model.weights([channels, 3]), model.weights([3])]));
}

function graphOf(file: Uint8Array): Graph {
  return lower(onnxGraph(readModel(file)), { heightPx: 8, widthPx: 8, channels: 3 });
}

function batchNorm(model: TestModel, input: string, channels: number): string {
  const [gamma, beta, mean] = [1, 2, 3].map(() => model.weights([channels], 0.5, 0.7));
  return model.op(
    'BatchNormalization',
    [input, gamma ?? '', beta ?? '', mean ?? '', model.weights([channels], 0.4, 0.5)],
    {
      epsilon: { float: 1e-3 },
    },
  );
}

describe('fold-batch-norm', () => {
  it('takes it into dense and depthwise convolutions and keeps what they compute', async () => {
    const file = modelOf(4, (m) => {
      const first = m.op('Relu', [batchNorm(m, m.conv('image', 3, 4), 4)]);
      const depthwise = m.op('Conv', [first, m.weights([4, 1, 3, 3])], { group: 4 });
      return batchNorm(m, m.op('Mul', [depthwise, m.weights([4, 1, 1])]), 4);
    });
    assert.deepEqual(operators(foldBatchNorm(graphOf(file))).slice(0, 3), ['conv', 'activation', 'depthwise']);
    await assertCompiles(file, [8, 8, 3]);
  });

  it('takes a bias added apart into a dense layer', () => {
    const model = new TestModel([1, 3, 8, 8]);
    const vector = model.op('Flatten', [model.op('GlobalAveragePool', ['image'])]);
    const shift = model.floats([2], [1, -2]);
    const graph = graphOf(model.finish(model.op('Add', [shift, model.op('MatMul', [vector, model.weights([3, 2])])])));
    const dense = foldBatchNorm(graph).nodes.at(-1);
    assert.equal(dense?.op, 'fully-connected');
    assert.deepEqual(dense?.op === 'fully-connected' && dense.bias, Float32Array.of(1, -2));
  });

  it('does not touch a convolution whose plain result somebody else reads', async () => {
    const file = modelOf(4, (m) => {
      const conv = m.conv('image', 3, 4);
      return m.op('Add', [conv, batchNorm(m, conv, 4)]);
    });
    assert.deepEqual(operators(foldBatchNorm(graphOf(file))).slice(0, 3), ['conv', 'affine', 'add']);
    await assertCompiles(file, [8, 8, 3]);
  });

  it('leaves the graph it was given as it was', () => {
    const graph = graphOf(modelOf(4, (m) => batchNorm(m, m.conv('image', 3, 4), 4)));
    const before = structuredClone(graph);
    foldBatchNorm(graph);
    assert.deepEqual(graph, before);
  });
});

describe('affine-to-depthwise', () => {
  it('turns what no layer took in into a 1 x 1 depthwise convolution', async () => {
    const file = modelOf(4, (m) => {
      const scaled = m.op('Sub', [m.op('Div', ['image', m.floats([3, 1, 1], [0.2, 0.3, 0.4])]), m.floats([], [0.5])]);
      return m.conv(m.op('Sub', [m.floats([], [1]), scaled]), 3, 4);
    });
    const graph = affineToDepthwise(foldBatchNorm(graphOf(file)));
    assert.deepEqual(operators(graph).slice(0, 2), ['depthwise', 'conv']);
    await assertCompiles(file, [8, 8, 3]);
  });
});

describe('affine-to-depthwise, on a vector', () => {
  it('makes it a picture of one pixel for it, as between two dense layers with batch normalisation behind Relu', async () => {
    const model = new TestModel([1, 3, 8, 8]);
    const vector = model.op('Flatten', [model.op('GlobalAveragePool', ['image'])]);
    const hidden = model.op('Relu', [model.op('Gemm', [vector, model.weights([3, 6]), model.weights([6])])]);
    const file = model.finish(
      model.op('Gemm', [batchNorm(model, hidden, 6), model.weights([6, 3]), model.weights([3])]),
    );
    const graph = await assertCompiles(file, [8, 8, 3]);
    assert.deepEqual(operators(graph).slice(3, 6), ['reshape', 'depthwise', 'reshape']);
  });
});

describe('absorb-pads', () => {
  it('moves zeros into the convolution behind them', async () => {
    const file = modelOf(4, (m) => {
      const padded = m.op('Pad', ['image', m.integers([0, 0, 1, 2, 0, 0, 0, 3]), m.floats([], [0])]);
      return m.conv(padded, 3, 4);
    });
    const [conv] = absorbPads(graphOf(file)).nodes;
    assert.deepEqual(conv?.op === 'conv' && conv.window.pads, { top: 2, left: 3, bottom: 1, right: 4 });
    await assertCompiles(file, [8, 8, 3]);
  });
});

describe('pads that no convolution takes in', () => {
  it('stay, as in front of a maximum', async () => {
    const file = modelOf(4, (m) => {
      const padded = m.op('Pad', [m.op('Relu', [m.conv('image', 3, 4)]), m.integers([0, 0, 1, 1, 0, 0, 1, 1])]);
      return m.op('MaxPool', [padded], { kernel_shape: [3, 3], strides: [2, 2] });
    });
    assert.deepEqual(operators(await assertCompiles(file, [8, 8, 3])).slice(0, 3), ['conv', 'pad', 'max-pool']);
  });

  it('count in a mean that says so', async () => {
    const file = modelOf(3, (m) =>
      m.op('AveragePool', ['image'], { kernel_shape: [3, 3], pads: [1, 1, 1, 1], count_include_pad: 1 }),
    );
    assert.equal(operators(await assertCompiles(file, [8, 8, 3]))[0], 'depthwise');
  });
});

describe('fuse-activation', () => {
  it('takes Relu and Relu6 into convolutions, sums and dense layers', async () => {
    const file = modelOf(4, (m) => {
      const first = m.op('Relu', [m.conv('image', 3, 4)]);
      const limits = [m.floats([], [0]), m.floats([], [6])];
      return m.op('Clip', [m.op('Add', [first, m.conv(first, 4, 4)]), ...limits]);
    });
    const graph = fuseActivation(graphOf(file));
    assert.deepEqual(operators(graph).slice(0, 3), ['conv', 'conv', 'add']);
    assert.deepEqual(
      graph.nodes.slice(0, 3).map((node) => 'activation' in node && node.activation),
      ['relu', 'none', 'relu6'],
    );
    await assertCompiles(file, [8, 8, 3]);
  });

  it('leaves one alone whose input somebody else reads', async () => {
    const file = modelOf(4, (m) => {
      const conv = m.conv('image', 3, 4);
      return m.op('Add', [conv, m.op('Relu', [conv])]);
    });
    assert.deepEqual(operators(fuseActivation(graphOf(file))).slice(0, 3), ['conv', 'activation', 'add']);
    await assertCompiles(file, [8, 8, 3]);
  });
});

describe('append-softmax', () => {
  it('ends plain logits with Softmax, and only once', () => {
    const graph = appendSoftmax(graphOf(modelOf(3, () => 'image')));
    assert.equal(graph.nodes.at(-1)?.op, 'softmax');
    assert.equal(graph.nodes.at(-1)?.output, graph.output);
    assert.equal(appendSoftmax(graph), graph);
  });
});
