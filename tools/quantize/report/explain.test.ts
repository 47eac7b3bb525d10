import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compile } from '../passes/pipeline.ts';
import { TestModel } from '../testing/test-model.ts';
import { effectOf, explanation, type PassRecord, recordOf } from './explain.ts';

/** Conv, BatchNorm, Relu, pool and a dense end without Softmax. */
function normalisedModel(): Uint8Array {
  const model = new TestModel([1, 3, 16, 16]);
  const conv = model.op('Identity', [model.conv('image', 3, 8)], {}, 'nothing');
  const statistics = [1, 0, 0, 1].map((centre) => model.weights([8], 0.1, centre));
  const normal = model.op('BatchNormalization', [conv, ...statistics], {}, 'norm');
  const pooled = model.op('GlobalAveragePool', [model.op('Relu', [normal], {}, 'relu')]);
  return model.finish(model.op('Gemm', [model.op('Flatten', [pooled]), model.weights([8, 4])]));
}

describe('the explanation of the passes', () => {
  const passes: PassRecord[] = [];
  compile(normalisedModel(), { heightPx: 16, widthPx: 16, channels: 3 }, (...step) => passes.push(recordOf(...step)));
  const effect = (name: string) => effectOf(passes.find(({ pass }) => pass === name) ?? assert.fail(name));

  it('names what each pass took out, added and changed', () => {
    assert.equal(effect('drop identity'), 'gone: nothing (Identity)');
    assert.equal(effect('fold batch norm'), 'gone: norm (affine); changed: Conv_0 (conv)');
    assert.equal(effect('fuse activation'), 'gone: relu (activation); changed: Conv_0 (conv)');
    assert.match(effect('append softmax'), /^new: .+ \(softmax\)$/);
    assert.equal(effect('absorb pads'), 'nothing to do');
  });

  it('follows the graph from pass to pass', () => {
    for (const [at, { nodesBefore }] of passes.entries()) {
      if (at > 0) assert.equal(nodesBefore, passes[at - 1]?.nodesAfter);
    }
  });

  it('is a line a pass and names a few nodes of many', () => {
    const many: PassRecord = { ...(passes[0] ?? assert.fail()), gone: Array.from({ length: 9 }, (_, i) => `n${i}`) };
    assert.match(explanation([many]), /\n {2}check structure: 7 nodes; gone: n0, n1, n2, n3, n4, n5 and 3 more$/);
  });
});
