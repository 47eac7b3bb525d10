import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { choosePlan } from '../calibrate/choose-plan.ts';
import { openSession, pictureTensor } from '../calibrate/session.ts';
import { noiseRatios } from '../calibrate/sqnr.ts';
import type { Graph } from '../ir/graph.ts';
import { readModel } from '../onnx/codec.ts';
import { constantOf } from '../onnx/tensors.ts';
import { compile } from '../passes/pipeline.ts';
import { floatWork, optimisedGraph, optimisedOperators } from '../report/fusion.ts';
import { scorerOf } from '../report/score.ts';
import { randomPixels } from '../testing/same-output.ts';
import { residualModel, TestModel } from '../testing/test-model.ts';
import { floatOnnx } from './float-onnx.ts';
import { qdqOnnx } from './qdq-onnx.ts';

const size = { heightPx: 16, widthPx: 16, channels: 3 };
const pictures = Array.from({ length: 24 }, (_, seed) => randomPixels(16 * 16 * 3, seed + 1));
const tensors = pictures.map((pixels) => pictureTensor(pixels, [1, 16, 16, 3]));

async function quantised(graph: Graph) {
  const [{ plan }] = await choosePlan(graph, tensors);
  return { plan, model: qdqOnnx(graph, plan) };
}

/** Pools, Concat and a dense end: what `residualModel` has not. */
function pooledModel(): Uint8Array {
  const model = new TestModel([1, 3, 16, 16]);
  const stem = model.op('Relu', [model.conv('image', 3, 8)]);
  const largest = model.op('MaxPool', [stem], { kernel_shape: [2, 2], strides: [2, 2] });
  const mean = model.op('AveragePool', [stem], { kernel_shape: [3, 3], strides: [2, 2], pads: [0, 0, 1, 1] });
  const joined = model.op('Concat', [largest, mean], { axis: 1 });
  const vector = model.op('Flatten', [model.conv(joined, 16, 2, 1)]);
  return model.finish(model.op('Gemm', [vector, model.weights([128, 3], 0.1), model.weights([3])]));
}

describe('the quantised ONNX file', () => {
  it('takes uint8 channels last as "input" and gives float scores as "scores"', async () => {
    const graph = compile(residualModel(), size);
    const { model } = await quantised(graph);
    const session = await openSession(model);
    assert.deepEqual([session.inputNames, session.outputNames], [['input'], ['scores']]);
    const score = await scorerOf(model, [1, 16, 16, 3]);
    const scores = await score(randomPixels(16 * 16 * 3, 99));
    assert.equal(scores.length, 4);
    assert.ok(Math.abs(scores.reduce((sum, one) => sum + one, 0) - 1) <= 4 / 256);
  });

  it('follows the float model in every layer', async () => {
    for (const file of [residualModel(), pooledModel()]) {
      const graph = compile(file, size);
      const { plan } = await quantised(graph);
      const values = graph.nodes.map(({ output }) => output);
      const float = await openSession(floatOnnx(graph, values));
      const int8 = await openSession(qdqOnnx(graph, plan, values));
      for (const [value, db] of await noiseRatios(float, int8, values, tensors)) {
        assert.ok(db > 25, `${value}: ${db.toFixed(1)} dB`);
      }
    }
  });

  it('leaves onnxruntime no work in float', async () => {
    for (const file of [residualModel(), pooledModel()]) {
      const counts = await optimisedOperators((await quantised(compile(file, size))).model);
      assert.equal(floatWork(counts), '', JSON.stringify(counts));
      assert.ok((counts['QLinearConv'] ?? 0) >= 2, JSON.stringify(counts));
      assert.ok((counts['DequantizeLinear'] ?? 0) <= 1 && !counts['QuantizeLinear'], JSON.stringify(counts));
    }
  });

  it('has onnxruntime make the very integers of the plan of its biases', async () => {
    for (const file of [residualModel(), pooledModel()]) {
      const { plan, model } = await quantised(compile(file, size));
      const { node = [], initializer = [] } = (await optimisedGraph(model)) ?? {};
      const stored = new Map(initializer.map((tensor) => [tensor.name, tensor]));
      const biasOf: Readonly<Record<string, number>> = { QLinearConv: 8, QGemm: 6 };
      const names = node.flatMap(({ opType, input }) => input[biasOf[opType] ?? -1] ?? []);
      const biases = names.flatMap((name) => stored.get(name) ?? []).map((tensor) => constantOf(tensor).data.join());
      const planned = [...plan.layers.values()].map(({ bias }) => bias.join());
      assert.deepEqual(biases.toSorted(), planned.toSorted());
    }
  });

  it('writes no activation and no name twice', async () => {
    const { model } = await quantised(compile(residualModel(), size));
    const nodes = readModel(model).graph?.node ?? [];
    assert.ok(!nodes.some(({ opType }) => opType === 'Relu' || opType === 'Clip'));
    const names = nodes.flatMap(({ name }) => name || []);
    assert.equal(new Set(names).size, names.length);
    const outputs = nodes.flatMap(({ output }) => output);
    assert.equal(new Set(outputs).size, outputs.length);
  });

  it('cuts at zero and at six also where a Concat gives a value a wider scale', async () => {
    const model = new TestModel([1, 3, 16, 16]);
    const relu = model.op('Relu', [model.conv('image', 3, 4)]);
    const wide = model.op('Mul', [model.conv('image', 3, 4), model.floats([], [9])]);
    const limits = [model.floats([], [0]), model.floats([], [6])];
    const relu6 = model.op('Clip', [model.op('Mul', [model.conv('image', 3, 4), model.floats([], [9])]), ...limits]);
    const pooled = model.op('GlobalAveragePool', [model.op('Concat', [relu, wide, relu6], { axis: 1 })]);
    const file = model.finish(model.op('Gemm', [model.op('Flatten', [pooled]), model.weights([12, 4])]));
    const graph = compile(file, size);
    const { plan, model: quantisedFile } = await quantised(graph);
    const values = graph.nodes.map(({ output }) => output);
    const float = await openSession(floatOnnx(graph, values));
    const int8 = await openSession(qdqOnnx(graph, plan, values));
    for (const [value, db] of await noiseRatios(float, int8, values, tensors)) {
      assert.ok(db > 18, `${value}: ${db.toFixed(1)} dB`);
    }
    assert.equal(floatWork(await optimisedOperators(quantisedFile)), '');
  });

  it('is the same, byte for byte, from the same pictures', async () => {
    const graph = compile(residualModel(), size);
    assert.deepEqual((await quantised(graph)).model, (await quantised(graph)).model);
  });
});

describe('floatWork', () => {
  it('names what stayed float', () => {
    assert.equal(floatWork({ QLinearConv: 3, Conv: 2, Gemm: 1 }), '2 Conv, 1 Gemm');
  });
});
