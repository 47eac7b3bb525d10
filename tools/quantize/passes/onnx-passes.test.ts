import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readModel } from '../onnx/codec.ts';
import { type OnnxGraph, onnxGraph } from '../onnx/graph.ts';
import { assertCompiles } from '../testing/same-output.ts';
import { TestModel } from '../testing/test-model.ts';
import { checkOperators } from './check-operators.ts';
import { checkStructure } from './check-structure.ts';
import { dropIdentity } from './drop-identity.ts';
import { foldConstants } from './fold-constants.ts';

function graphOf(build: (model: TestModel) => string): OnnxGraph {
  const model = new TestModel([1, 3, 8, 8]);
  return onnxGraph(readModel(model.finish(build(model))));
}

describe('check-structure', () => {
  it('lets a sound graph through as it is', () => {
    const graph = graphOf((m) => m.op('Relu', ['image']));
    assert.equal(checkStructure(graph), graph);
  });

  it('refuses a loop, a value made twice and an output that nothing makes', () => {
    const loop = graphOf((m) => m.op('Add', ['image', 'value_1'])) as OnnxGraph;
    assert.throws(() => checkStructure(loop), /reads "value_1", which nothing before it makes/);
    const graph = graphOf((m) => m.op('Relu', ['image']));
    const twice = { ...graph, nodes: [...graph.nodes, ...graph.nodes] };
    assert.throws(() => checkStructure(twice), /makes "value_0" a second time/);
    assert.throws(() => checkStructure({ ...graph, output: 'nowhere' }), /Nothing makes the model's output "nowhere"/);
  });
});

describe('check-operators', () => {
  it('names the node, the operator and what would help', () => {
    const graph = graphOf((m) => m.op('Tanh', [m.op('Relu', ['image'])], {}, 'head/gate'));
    const message =
      'Node "head/gate": the operator Tanh cannot be quantised; use Relu inside the network and Softmax at its end.';
    assert.throws(() => checkOperators(graph), { code: 'bad-model', message });
  });

  it('names an operator that nobody has heard of, with those that work', () => {
    const graph = graphOf((m) => m.op('Frobnicate', ['image']));
    assert.throws(() => checkOperators(graph), /Frobnicate cannot be quantised; build the network from Conv, /);
  });
});

describe('drop-identity', () => {
  it('rewires readers and the output', () => {
    const graph = dropIdentity(
      graphOf((m) => m.op('Dropout', [m.op('Identity', [m.op('Relu', [m.op('Identity', ['image'])])])])),
    );
    assert.deepEqual(
      graph.nodes.map(({ opType, inputs }) => [opType, ...inputs]),
      [['Relu', 'image']],
    );
    assert.equal(graph.output, 'value_1');
  });
});

describe('fold-constants', () => {
  it('computes what an exporter wrote in steps', async () => {
    const model = new TestModel([1, 3, 8, 8]);
    const weights = model.op('Transpose', [model.weights([3, 3, 3, 4])], { perm: [3, 2, 0, 1] });
    const bias = model.op('Reshape', [model.weights([2, 2]), model.integers([-1])]);
    const picture = model.op('Conv', ['image', weights, bias]);
    const shift = model.op('Unsqueeze', [model.weights([4, 1]), model.integers([2])]);
    const shifted = model.op('Add', [picture, model.op('Cast', [shift], { to: 1 })]);
    const vector = model.op('Flatten', [model.op('GlobalAveragePool', [shifted])]);
    await assertCompiles(model.finish(vector), [8, 8, 3]);
  });

  it('leaves no node without an input that is unknown', () => {
    const graph = foldConstants(graphOf((m) => m.op('Add', ['image', m.op('Squeeze', [m.weights([1, 1, 3])])])));
    assert.deepEqual(
      graph.nodes.map(({ opType }) => opType),
      ['Add'],
    );
    assert.deepEqual(graph.constants.get('value_0')?.shape, [3]);
  });

  it('refuses a model whose scores are constant', () => {
    const graph = graphOf((m) => m.op('Reshape', [m.weights([4]), m.integers([1, 4])]));
    assert.throws(() => foldConstants(graph), /do not depend on its input/);
  });
});
