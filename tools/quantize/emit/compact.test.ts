import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { wireNode } from '../onnx/nodes.ts';
import { wireTensor } from '../onnx/tensors.ts';
import { compact } from './compact.ts';

describe('compact', () => {
  const graph = {
    name: 'g',
    node: [
      wireNode('Conv', 'plain', ['in', 'w'], 'a', {
        kernel_shape: [3, 3],
        strides: [1, 1],
        pads: [0, 0, 0, 0],
        group: 1,
      }),
      wireNode('Conv', 'other', ['a', 'w'], 'b', { dilations: [1, 2], strides: [2, 1], pads: [0, 0, 1, 1], group: 4 }),
      wireNode('MaxPool', 'pool', ['b'], 'c', { kernel_shape: [1, 1], strides: [1, 1] }),
      wireNode('QuantizeLinear', 'q', ['c', 'scale', 'zero'], 'd'),
      wireNode('QuantizeLinear', 'q2', ['d', 'same', 'byte'], 'out'),
    ],
    initializer: [
      wireTensor('w', [1], Float32Array.of(2)),
      wireTensor('scale', [], Float32Array.of(2)),
      wireTensor('same', [], Float32Array.of(2)),
      wireTensor('zero', [], Uint8Array.of(0)),
      wireTensor('byte', [], Int8Array.of(0)),
      wireTensor('unread', [], Float32Array.of(3)),
    ],
    input: [{ name: 'in' }],
    output: [{ name: 'out' }],
  };
  const { node, initializer } = compact(graph);

  it('keeps one tensor of each type, shape and content, and none that nobody reads', () => {
    assert.deepEqual(
      initializer.map(({ name }) => name),
      ['w', 'scale', 'zero', 'byte'],
    );
    assert.deepEqual(
      node.slice(3).map(({ input }) => input),
      [
        ['c', 'scale', 'zero'],
        ['d', 'scale', 'byte'],
      ],
    );
  });

  it('tells long tensors apart that begin alike', () => {
    const long = (last: number) => new Float32Array(64).with(63, last);
    const names = ['one', 'two', 'three'];
    const tensors = [1, 2, 1].map((last, i) => wireTensor(names[i] ?? '', [64], long(last)));
    const read = wireNode('Sum', 'sum', names, 'out');
    const made = compact({ ...graph, node: [read], initializer: tensors });
    assert.deepEqual(
      made.initializer.map(({ name }) => name),
      ['one', 'two'],
    );
    assert.deepEqual(made.node[0]?.input, ['one', 'two', 'one']);
  });

  it('leaves out what an attribute says where ONNX says the same without it', () => {
    assert.deepEqual(
      node.map(({ attribute }) => attribute.map(({ name }) => name)),
      [[], ['dilations', 'strides', 'pads', 'group'], ['kernel_shape'], [], []],
    );
  });
});
