import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tfliteOf } from '../bundle/esp.ts';
import { qdqOnnx } from '../emit/qdq-onnx.ts';
import { compile } from '../passes/pipeline.ts';
import { optimisedOperators } from '../report/fusion.ts';
import { randomPixels } from '../testing/same-output.ts';
import { residualModel } from '../testing/test-model.ts';
import { Judge, splitPictures } from './held-out.ts';
import { keepFloat } from './keep-float.ts';
import { layerSensitivity } from './sensitivity.ts';
import { pictureTensor } from './session.ts';
import { tune } from './tune.ts';

const graph = compile(residualModel(), { heightPx: 16, widthPx: 16, channels: 3 });
const pictures = Array.from({ length: 15 }, (_, seed) =>
  pictureTensor(randomPixels(16 * 16 * 3, seed + 1), [1, 16, 16, 3]),
);
const tuned = await tune(graph, pictures);
const named = (op: string) => tuned.graph.nodes.find((node) => node.op === op)?.name ?? assert.fail(op);

describe('layers in float', () => {
  it('are what onnxruntime runs in float, and no others', async () => {
    const { graph: made, candidates } = await keepFloat(tuned, [named('conv')], pictures);
    const counts = await optimisedOperators(qdqOnnx(made, candidates[0].plan));
    assert.equal((counts['Conv'] ?? 0) + (counts['FusedConv'] ?? 0), 1, JSON.stringify(counts));
    assert.ok((counts['QLinearConv'] ?? 0) >= 2);
  });

  it('give the float scores where all stay float', async () => {
    const all = tuned.graph.nodes.map(({ name }) => name);
    const { candidates, trials } = await keepFloat(tuned, all, pictures);
    assert.ok(candidates[0].logitSqnrDb > 90, String(candidates[0].logitSqnrDb));
    assert.equal(trials.at(-1)?.logitSqnrDb, candidates[0].logitSqnrDb);
  });

  it('take Softmax along behind the last layer', async () => {
    const dense = named('fully-connected');
    const { candidates } = await keepFloat(tuned, [dense], pictures);
    assert.deepEqual(candidates[0].plan.float, new Set([dense, named('softmax')]));
  });

  it('cannot be in TFLite, which is said in one sentence', async () => {
    const { graph: made, candidates } = await keepFloat(tuned, [named('add')], pictures);
    const result = tfliteOf(made, candidates[0].plan);
    assert.match('refused' in result ? result.refused : '', /^TFLite .* these layers stay float: Add_\d+\.$/);
  });

  it('are asked for by names that the network has', async () => {
    const wrong = keepFloat(tuned, ['nowhere'], pictures);
    await assert.rejects(wrong, {
      code: 'bad-argument',
      message: /no layer "nowhere" to keep in float; it has .*Conv_0/,
    });
  });
});

describe('layerSensitivity', () => {
  it('names every layer with weights, the dearest first, each dearer alone than none and cheaper than all', async () => {
    const { plan } = tuned.candidates[0];
    const found = await layerSensitivity(tuned.graph, plan, pictures);
    assert.equal(found.length, plan.layers.size);
    for (const [at, { logitSqnrDb }] of found.entries()) {
      assert.ok(logitSqnrDb < 90 && logitSqnrDb >= (found[at - 1]?.logitSqnrDb ?? 0));
    }
  });
});

describe('signed activations', () => {
  it('are the same numbers as unsigned ones', async () => {
    const { plan } = tuned.candidates[0];
    const judge = await Judge.open(graph, splitPictures(pictures).heldOut);
    const logits = tuned.graph.nodes.at(-1)?.inputs[0] ?? '';
    const [unsigned, signed] = [false, true].map((sign) => qdqOnnx(tuned.graph, plan, [logits], { signed: sign }));
    const [first, second] = [unsigned, signed].map((file) => judge.sqnrOf(file ?? assert.fail(), logits));
    assert.ok(Math.abs(((await first) ?? 0) - ((await second) ?? 9)) < 1.5, `${await first} ${await second}`);
  });
});
