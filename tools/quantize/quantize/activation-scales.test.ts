import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Graph } from '../ir/graph.ts';
import { compile } from '../passes/pipeline.ts';
import { residualModel, TestModel } from '../testing/test-model.ts';
import { activationScales, affineScale } from './activation-scales.ts';
import { scaleGroups } from './scale-groups.ts';

const size = { heightPx: 16, widthPx: 16, channels: 3 };

/** Every value from -3 to 9, wider by 1 for each node. */
function rangesOf(graph: Graph) {
  return new Map(graph.nodes.map(({ output }, i) => [output, { min: -3, max: 9 + i }]));
}

function outputOf(graph: Graph, op: string): string {
  return graph.nodes.find((node) => node.op === op)?.output ?? '';
}

describe('affineScale', () => {
  const bound = fc.float({ min: -1e4, max: 1e4, noNaN: true });

  it('holds zero exactly and the range to within half a step', () => {
    fc.assert(
      fc.property(bound, bound, (a, b) => {
        const range = { min: Math.min(a, b), max: Math.max(a, b) };
        const { scale, zeroPoint } = affineScale(range);
        assert.ok(Number.isInteger(zeroPoint) && zeroPoint >= 0 && zeroPoint <= 255);
        assert.ok(scale > 0 && Math.fround(scale) === scale);
        assert.ok((0 - zeroPoint) * scale <= range.min + 0.501 * scale);
        assert.ok((255 - zeroPoint) * scale >= range.max - 0.501 * scale);
      }),
    );
  });
});

describe('activationScales', () => {
  const graph = compile(residualModel(), size);
  const scales = activationScales(graph, rangesOf(graph));

  it('takes pixels as fractions of 255 and gives Softmax 1/256', () => {
    assert.deepEqual(scales.get(graph.input), { scale: Math.fround(1 / 255), zeroPoint: 0 });
    assert.deepEqual(scales.get(graph.output), { scale: 1 / 256, zeroPoint: 0 });
  });

  it('starts at zero after Relu and ends at 6 after Relu6', () => {
    assert.equal(scales.get(outputOf(graph, 'conv'))?.zeroPoint, 0);
    assert.deepEqual(scales.get(outputOf(graph, 'depthwise')), { scale: Math.fround(6 / 255), zeroPoint: 0 });
  });

  it('does not rescale in pools and reshapes', () => {
    const pooled = graph.nodes.findIndex(({ op }) => op === 'average-pool');
    const [before, pool, flat] = graph.nodes.slice(pooled - 1, pooled + 2).map(({ output }) => scales.get(output));
    assert.deepEqual(pool, before);
    assert.deepEqual(flat, before);
  });

  it('refuses a value that was not observed', () => {
    assert.throws(() => activationScales(graph, new Map()), /was not observed/);
  });
});

describe('scaleGroups', () => {
  it('joins all that meets in a Concat, through pools, with one range for all', () => {
    const model = new TestModel([1, 3, 16, 16]);
    const left = model.conv('image', 3, 4);
    const right = model.op('MaxPool', [model.conv('image', 3, 4)], { kernel_shape: [1, 1] });
    const joined = model.op('Concat', [left, right], { axis: 1 });
    const vector = model.op('Flatten', [model.op('GlobalAveragePool', [joined])]);
    const graph = compile(model.finish(model.op('MatMul', [vector, model.weights([8, 2])])), size);
    const groups = [...scaleGroups(graph)].map((group) => group.size).sort((a, b) => b - a);
    // Two convolutions, MaxPool, Concat, GlobalAveragePool and Flatten; the input, logits and scores are alone.
    assert.deepEqual(groups, [6, 1, 1, 1]);
    const scales = activationScales(graph, rangesOf(graph));
    assert.deepEqual(scales.get(left), scales.get(joined));
    assert.deepEqual(scales.get(left), affineScale({ min: -3, max: 9 + 5 }));
  });
});
