import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { operatorsOf } from './onnx-operators.ts';

/** A protobuf field that holds bytes. */
function field(number: number, ...content: (Uint8Array | string)[]): Uint8Array {
  const bytes = Buffer.concat(content.map((each) => (typeof each === 'string' ? Buffer.from(each) : each)));
  return Buffer.concat([Uint8Array.of((number << 3) | 2, ...varint(bytes.length)), bytes]);
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >> 7)];
}

function node(operator: string, inputs: readonly string[], output: string): Uint8Array {
  return field(1, ...inputs.map((input) => field(1, input)), field(2, output), field(4, operator));
}

function model(...nodes: Uint8Array[]): Uint8Array {
  // ir_version, a varint, stands before the graph, and a name of 200 characters in it.
  return Buffer.concat([Uint8Array.of(8, 8), field(7, ...nodes, field(2, 'n'.repeat(200)))]);
}

test('operators: whole numbers, float between quantised values, and float', () => {
  const quantised = model(
    node('QLinearConv', ['x', 'w'], 'a'),
    node('DequantizeLinear', ['a'], 'b'),
    node('DequantizeLinear', ['w2'], 'c'),
    node('Conv', ['b', 'c', 'bias'], 'd'),
    node('Softmax', ['d'], 'e'),
  );
  assert.deepEqual(operatorsOf(quantised), { int8: 2, float: [] });
  const halfway = model(
    node('DequantizeLinear', ['w'], 'c'),
    node('Conv', ['x', 'c'], 'd'),
    node('MatMul', ['d', 'm'], 'e'),
  );
  assert.deepEqual(operatorsOf(halfway), { int8: 0, float: ['Conv', 'MatMul'] });
});

test('operators: any bytes give an answer or a RangeError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        operatorsOf(bytes);
      } catch (error) {
        assert.ok(error instanceof RangeError);
      }
    }),
    { numRuns: 500 },
  );
  const whole = model(node('Conv', ['x', 'w'], 'y'));
  assert.throws(() => operatorsOf(whole.subarray(0, -1)), RangeError);
});
