import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { constantOf, elementCount, elementType, integerOf, wireTensor } from './tensors.ts';

describe('constantOf', () => {
  it('reads back what was written, at any address', () => {
    const values = Float32Array.of(1.5, -2, 3e-8);
    const tensor = wireTensor('w', [3], values);
    assert.deepEqual(constantOf(tensor), { kind: 'float', shape: [3], data: values });
    const shifted = new Uint8Array(13);
    shifted.set(tensor.rawData ?? [], 1);
    assert.deepEqual(constantOf({ ...tensor, rawData: shifted.subarray(1) }).data, values);
    assert.deepEqual(constantOf({ ...tensor, rawData: Buffer.from(shifted.buffer).subarray(1) }).data, values);
  });

  it('reads numbers from fields as well as from raw bytes', () => {
    const common = { name: 'n', dims: [2] };
    assert.deepEqual(
      constantOf({ ...common, dataType: elementType.float, floatData: [1, 2] }).data,
      Float32Array.of(1, 2),
    );
    assert.deepEqual(constantOf({ ...common, dataType: elementType.int32, int32Data: [1, -2] }).data, [1, -2]);
    assert.deepEqual(constantOf({ ...common, dataType: elementType.int64, int64Data: [3, -4] }).data, [3, -4]);
    assert.deepEqual(constantOf(wireTensor('n', [2], BigInt64Array.of(-5n, 6n))).data, [-5, 6]);
  });

  it('refuses shapes, types and values that cannot be', () => {
    const four = wireTensor('w', [4], new Float32Array(4));
    const sentence = (message: RegExp) => ({ name: 'LinegateError', code: 'bad-model', message });
    assert.throws(() => constantOf({ ...four, dims: [5] }), sentence(/has 4 elements but the shape \[5\]/));
    assert.throws(() => constantOf({ ...four, dims: [2 ** 20, 2 ** 20] }), sentence(/too large/));
    assert.throws(
      () => constantOf({ ...four, dataType: 10 }),
      sentence(/element type 10; float32 weights, or quantised int8 ones, are needed/),
    );
    assert.throws(() => constantOf(wireTensor('w', [1], Float32Array.of(Number.NaN))), sentence(/not a finite number/));
    assert.throws(() => constantOf({ ...four, rawData: new Uint8Array(15) }), sentence(/not a multiple of 4/));
  });
});

describe('sizes of the file', () => {
  it('are exact whole numbers that are not gigantic', () => {
    assert.equal(integerOf({ toNumber: () => 12 }), 12);
    assert.throws(() => integerOf({ toNumber: () => 2 ** 60 }), /no size or axis can be/);
    assert.equal(elementCount([2, 3], 'x'), 6);
    assert.throws(() => elementCount([-1], 'x'), /not a shape/);
  });
});
