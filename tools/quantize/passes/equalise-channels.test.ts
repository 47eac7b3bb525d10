import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openSession, pictureTensor, runSession } from '../calibrate/session.ts';
import { collectStatistics } from '../calibrate/statistics.ts';
import { floatOnnx } from '../emit/float-onnx.ts';
import { exposedName } from '../emit/onnx-file.ts';
import type { Graph } from '../ir/graph.ts';
import { randomPixels } from '../testing/same-output.ts';
import { residualModel, TestModel } from '../testing/test-model.ts';
import { channelGroups } from './channel-groups.ts';
import { equaliseChannels } from './equalise-channels.ts';
import { meanToConvolution } from './mean-to-convolution.ts';
import { compile } from './pipeline.ts';

const size = { heightPx: 16, widthPx: 16, channels: 3 };
const pictures = Array.from({ length: 6 }, (_, seed) =>
  pictureTensor(randomPixels(16 * 16 * 3, seed + 1), [1, 16, 16, 3]),
);

async function peaksOf(graph: Graph) {
  const statistics = await collectStatistics(graph, pictures);
  return new Map([...statistics].map(([value, seen]) => [value, Float32Array.from(seen, ({ peak }) => peak)]));
}

async function assertSame(before: Graph, after: Graph, given = pictures): Promise<void> {
  const sessions = [await openSession(floatOnnx(before)), await openSession(floatOnnx(after))] as const;
  for (const picture of given) {
    const [expected, got] = [await runSession(sessions[0], picture), await runSession(sessions[1], picture)];
    for (const [at, score] of (expected.get('scores') ?? []).entries()) {
      assert.ok(Math.abs(score - (got.get('scores')?.[at] ?? 9)) < 1e-5);
    }
  }
}

/** A convolution, `activation` and a convolution, then a dense end; the middle channels are of very different size. */
function pairOf(activation: (model: TestModel, value: string) => string): Graph {
  const model = new TestModel([1, 3, 16, 16]);
  const unlike = model.op('Mul', [model.conv('image', 3, 4), model.floats([4, 1, 1], [40, 1, 0.1, 4])]);
  const picture = model.op('Relu', [model.conv(activation(model, unlike), 4, 5)]);
  const vector = model.op('Flatten', [model.op('GlobalAveragePool', [picture])]);
  return compile(model.finish(model.op('Gemm', [vector, model.weights([5, 3]), model.weights([3])])), size);
}

const relu = (model: TestModel, value: string) => model.op('Relu', [value]);
const relu6 = (model: TestModel, value: string) =>
  model.op('Clip', [value, model.floats([], [0]), model.floats([], [6])]);

describe('channel groups', () => {
  it('join what a sum, a pool or a reshape ties together and leave out the picture and the scores', () => {
    const graph = compile(residualModel(), size);
    const outputs = (op: string) => graph.nodes.filter((node) => node.op === op).map(({ output }) => output);
    const groups = channelGroups(graph);
    const of = (value: string | undefined) => groups.find((group) => group.has(value ?? ''));
    const [stem, inner, second] = outputs('conv');
    assert.ok(of(stem)?.has(second ?? '') && of(stem)?.has(outputs('add')[0] ?? ''));
    assert.notEqual(of(inner), of(stem));
    assert.ok(of(outputs('average-pool')[0])?.has(outputs('reshape')[0] ?? ''));
    assert.ok(of(graph.input) === undefined && of(outputs('fully-connected')[0]) === undefined);
  });

  it('leave out what a Concat joins', () => {
    const model = new TestModel([1, 3, 16, 16]);
    const joined = model.op('Concat', [model.conv('image', 3, 4), model.conv('image', 3, 4)], { axis: 1 });
    const vector = model.op('Flatten', [model.op('GlobalAveragePool', [joined])]);
    assert.deepEqual(
      channelGroups(compile(model.finish(model.op('MatMul', [vector, model.weights([8, 2])])), size)),
      [],
    );
  });
});

describe('equalise-channels', () => {
  it('computes the same behind Relu, a sum, depthwise layers and a mean as a convolution', async () => {
    for (const graph of [
      pairOf(relu),
      compile(residualModel(), size),
      meanToConvolution(compile(residualModel(), size)),
    ]) {
      const { graph: equalised, factors } = equaliseChannels(graph, await peaksOf(graph));
      assert.ok([...factors.values()].some((own) => own.some((factor) => factor > 1.5)));
      await assertSame(graph, equalised);
    }
  });

  it('makes all channels as large as the largest at strength 1, and says by how much', async () => {
    const graph = pairOf(relu);
    const before = await peaksOf(graph);
    const value = graph.nodes[0]?.output ?? '';
    const { graph: equalised, factors } = equaliseChannels(graph, before, 1);
    const largest = Math.max(...(before.get(value) ?? []));
    for (const [at, peak] of ((await peaksOf(equalised)).get(value) ?? []).entries()) {
      assert.ok(Math.abs(peak / largest - 1) < 1e-4, String(peak));
      assert.ok(Math.abs(((before.get(value)?.[at] ?? 0) * (factors.get(value)?.[at] ?? 0)) / peak - 1) < 1e-4);
    }
  });

  it('leaves a channel that Relu6 cuts as it is, and cuts nothing else that it was shown', async () => {
    const graph = pairOf(relu6);
    const value = graph.nodes[0]?.output ?? '';
    const peaks = (await peaksOf(graph)).get(value) ?? new Float32Array();
    assert.equal(peaks[0], 6, 'the first channel must be cut for this to test anything');
    const { graph: equalised, factors } = equaliseChannels(graph, await peaksOf(graph), 1);
    assert.equal(factors.get(value)?.[0], 1);
    assert.ok((factors.get(value)?.[2] ?? 0) > 2);
    await assertSame(graph, equalised);
    const cut = await openSession(floatOnnx(equalised, [value]));
    const numbers = (await runSession(cut, pictures[0] ?? assert.fail())).get(exposedName(value)) ?? [];
    assert.ok(Math.max(...numbers) <= 6);
  });

  it('leaves a channel alone that is never anything but zero', () => {
    const graph = pairOf(relu);
    const value = graph.nodes[0]?.output ?? '';
    const { factors } = equaliseChannels(graph, new Map([[value, Float32Array.of(4, 0, 1, 4)]]), 1);
    assert.deepEqual([...(factors.get(value) ?? [])], [1, 1, 4, 1]);
  });
});

describe('mean-to-convolution', () => {
  /** The operators that make the mean of a picture of `side` pixels and 16 channels. */
  async function kindsFor(side: number) {
    const model = new TestModel([1, 3, side, side]);
    const mean = model.op('GlobalAveragePool', [model.op('Relu', [model.conv('image', 3, 16)])]);
    const graph = compile(model.finish(model.op('MatMul', [model.op('Flatten', [mean]), model.weights([16, 2])])), {
      heightPx: side,
      widthPx: side,
      channels: 3,
    });
    const changed = meanToConvolution(graph);
    const picture = pictureTensor(randomPixels(side * side * 3, side), [1, side, side, 3]);
    await assertSame(graph, changed, [picture]);
    const kinds = changed.nodes.map(({ op }) => op);
    return kinds.slice(1, kinds.indexOf('reshape'));
  }

  it('computes the same with a layer that has its own scale', async () => {
    assert.deepEqual(await kindsFor(16), ['depthwise']);
  });

  it('takes the mean of each row first where one layer would have many weights', async () => {
    assert.deepEqual(await kindsFor(17), ['average-pool', 'depthwise']);
  });

  it('changes nothing where there is no mean of a whole picture', () => {
    const model = new TestModel([1, 3, 16, 16]);
    const pooled = model.op('AveragePool', ['image'], { kernel_shape: [4, 4], strides: [4, 4] });
    const graph = compile(
      model.finish(model.op('MatMul', [model.op('Flatten', [pooled]), model.weights([48, 2])])),
      size,
    );
    assert.equal(meanToConvolution(graph), graph);
  });
});
