import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Graph } from '../ir/graph.ts';
import { assertCompiles } from '../testing/same-output.ts';
import { TestModel } from '../testing/test-model.ts';
import { testPlan } from '../testing/test-plan.ts';

function ended(model: TestModel, picture: string, channels: number): Uint8Array {
  const vector = model.op('Flatten', [model.op('GlobalAveragePool', [picture])]);
  return model.finish(model.op('Gemm', [vector, model.weights([channels, 3]), model.weights([3])]));
}

/** The scales of all values that node `op` reads and of the one that it makes. */
function scalesAround(graph: Graph, op: string): number[] {
  const node = graph.nodes.find((one) => one.op === op);
  assert.ok(node);
  const { activations } = testPlan(graph);
  return [...node.inputs, node.output].map((value) => activations.get(value)?.scale ?? 0);
}

describe('insert-rescales', () => {
  it('lets a gate that is joined with other pictures have the scale of all', async () => {
    const model = new TestModel([1, 3, 8, 8]);
    const gate = model.op('Sigmoid', [model.conv('image', 3, 4)]);
    const graph = await assertCompiles(
      ended(model, model.op('Concat', [gate, model.conv('image', 3, 4)], { axis: 1 }), 8),
      [8, 8, 3],
    );
    const scales = scalesAround(graph, 'concat');
    assert.equal(new Set(scales).size, 1);
    assert.notEqual(scales[0], 1 / 256);
    assert.equal(scalesAround(graph, 'sigmoid')[1], 1 / 256);
  });

  it('leaves a gate in steps of 1/256 through a reshape', async () => {
    const model = new TestModel([1, 3, 8, 8]);
    const vector = model.op('Flatten', [model.op('GlobalAveragePool', ['image'])]);
    const gate = model.op('Sigmoid', [model.op('Gemm', [vector, model.weights([3, 3]), model.weights([3])])]);
    const factor = model.op('Unsqueeze', [gate, model.integers([2, 3])]);
    const graph = await assertCompiles(ended(model, model.op('Mul', ['image', factor]), 3), [8, 8, 3]);
    assert.equal(scalesAround(graph, 'mul')[1], 1 / 256);
    assert.ok(!graph.nodes.some(({ op }) => op === 'activation'));
  });
});
