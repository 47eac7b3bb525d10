import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { wireNode } from '../onnx/nodes.ts';
import { wireTensor } from '../onnx/tensors.ts';
import { withShortNames } from './short-names.ts';

describe('withShortNames', () => {
  const graph = {
    name: 'g',
    node: [
      wireNode('QuantizeLinear', 'long/quantize', ['0', 'long/scale'], 'long/quantised'),
      wireNode('Relu', 'long', ['long/quantised', ''], 'scores'),
    ],
    initializer: [wireTensor('long/scale', [], Float32Array.of(1))],
    input: [{ name: '0' }],
    output: [{ name: 'scores' }],
  };

  it('keeps inputs, outputs, what is left out and the nodes that work, and gives each other name one short one', () => {
    const { node, initializer, input, output } = withShortNames(graph);
    assert.deepEqual([input, output], [graph.input, graph.output]);
    const [quantize, relu] = node;
    assert.equal(relu?.name, 'long');
    assert.deepEqual([quantize?.input[0], relu?.input[1], relu?.output[0]], ['0', '', 'scores']);
    assert.equal(quantize?.input[1], initializer[0]?.name);
    assert.equal(quantize?.output[0], relu?.input[0]);
    assert.equal(quantize?.name, '');
    const made = [quantize?.input[1], quantize?.output[0]];
    assert.ok(new Set([...made, '0', 'scores']).size === 4 && made.every((name) => name?.length === 1), made.join());
  });
});
