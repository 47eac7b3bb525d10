import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compile } from '../passes/pipeline.ts';
import { randomSeries, residualModel, TestModel } from '../testing/test-model.ts';
import { readModel, writeModel } from './codec.ts';
import { onnxGraph } from './graph.ts';

describe('the ONNX codec', () => {
  it('reads what it wrote, byte for byte', () => {
    const file = residualModel();
    assert.deepEqual(writeModel(readModel(file)), file);
  });

  it('keeps names, attributes and weights', () => {
    const graph = onnxGraph(readModel(residualModel()));
    const depthwise = graph.nodes[7];
    assert.equal(depthwise?.opType, 'Conv');
    assert.deepEqual(depthwise?.attributes.get('strides'), [2, 2]);
    assert.equal(depthwise?.attributes.get('group'), 8);
    assert.deepEqual(graph.constants.get(depthwise?.inputs[1] ?? '')?.shape, [8, 1, 3, 3]);
    assert.deepEqual(graph.input, { name: 'image', shape: [1, 3, 16, 16] });
  });

  it('gives weights as views into the file where they lie on a whole word', () => {
    const file = residualModel();
    const { initializer = [] } = readModel(file).graph ?? {};
    assert.ok(initializer.length > 10);
    assert.ok(initializer.every(({ rawData }) => rawData?.buffer === file.buffer));
  });

  it('refuses what is no ONNX file', () => {
    for (const bytes of [new Uint8Array(), new Uint8Array(64), new TextEncoder().encode('<html>not a model</html>')]) {
      assert.throws(() => onnxGraph(readModel(bytes)), { name: 'LinegateError', code: 'bad-model' });
    }
  });

  it('refuses names that would play with a terminal', () => {
    const model = new TestModel([1, 3, 8, 8]);
    const file = model.finish(model.op('Relu', ['image'], {}, 'red\u001b[31m'));
    assert.throws(() => onnxGraph(readModel(file)), /a name of 8 characters that cannot be shown/);
  });

  it('refuses weights in another file', () => {
    const model = readModel(residualModel());
    const [first, ...rest] = model.graph?.initializer ?? [];
    assert.ok(first && model.graph);
    const moved = { ...model, graph: { ...model.graph, initializer: [{ ...first, dataLocation: 1 }, ...rest] } };
    assert.throws(() => onnxGraph(moved), /lies in another file/);
  });
});

describe('damaged files', () => {
  const size = { heightPx: 16, widthPx: 16, channels: 3 };
  const file = residualModel();

  /** The file with a few bytes changed, cut off, or doubled. */
  function mutated(random: () => number): Uint8Array {
    const at = () => Math.floor(((random() + 1) / 2) * file.length);
    const kind = Math.floor((random() + 1) * 2);
    if (kind === 0) return file.slice(0, at());
    if (kind === 1) return Uint8Array.from([...file.slice(0, at()), ...file.slice(at())]);
    const changed = Uint8Array.from(file);
    for (let i = 0; i < 1 + 3 * kind; i += 1) {
      // Structure (names, shapes, attributes) lies mostly before the weights and after them.
      changed[at()] = Math.floor((random() + 1) * 128);
    }
    return changed;
  }

  it('give a graph or one sentence, whatever is changed (500 mutations)', () => {
    const random = randomSeries(2024);
    let refused = 0;
    for (let i = 0; i < 500; i += 1) {
      const bytes = mutated(random);
      try {
        compile(bytes, size);
      } catch (error) {
        refused += 1;
        assert.ok(error instanceof Error && error.name === 'LinegateError', String((error as Error).stack));
        assert.match(error.message, /^[^\p{Cc}]{10,600}\.$/u);
      }
    }
    assert.ok(refused > 150, `only ${refused} of 500 were refused`);
  });
});
