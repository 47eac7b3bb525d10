import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Builder } from 'flatbuffers';
import { LinegateError } from '../../../agent/core/errors.ts';
import { tfliteModel } from '../emit/tflite.ts';
import { compile } from '../passes/pipeline.ts';
import { residualModel } from '../testing/test-model.ts';
import { testPlan } from '../testing/test-plan.ts';
import { builtins } from './builtins.ts';
import type { TfliteModel } from './model.ts';
import { readTflite } from './read.ts';
import { Table } from './table.ts';
import { writeTflite } from './write.ts';

function residual(): TfliteModel {
  const graph = compile(residualModel(), { heightPx: 16, widthPx: 16, channels: 3 });
  return tfliteModel(graph, testPlan(graph));
}

const model = residual();
const bytes = writeTflite(model);

describe('a .tflite file', () => {
  it('holds what was written', () => {
    assert.deepEqual(readTflite(bytes), model);
  });

  it('begins with TFLite 3 and its identifier, and is the same every time', () => {
    assert.equal(new TextDecoder().decode(bytes.subarray(4, 8)), 'TFL3');
    assert.equal(Table.root(bytes).int32(0), 3);
    assert.deepEqual(writeTflite(residual()), bytes);
  });

  it('has its data at multiples of 16 bytes and no empty list of data', () => {
    const stored = model.tensors.flatMap(({ data }) => (data === undefined ? [] : [data]));
    assert.ok(stored.length >= 10);
    for (const data of stored) {
      const place = Buffer.from(bytes).indexOf(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      assert.equal(place % 16, 0, `data of ${data.byteLength} bytes lies at ${place}`);
    }
    const buffers = Table.root(bytes).tables(4);
    assert.equal(buffers.length, stored.length + 1);
    assert.deepEqual(
      buffers.map((buffer) => buffer.bytes(0)?.length ?? 0).sort((a, b) => a - b),
      [0, ...stored.map(({ byteLength }) => byteLength).sort((a, b) => a - b)],
    );
  });

  it('names each operator once, with the versions that mean int8', () => {
    const codes = Table.root(bytes)
      .tables(1)
      .map((code) => [code.int32(3), code.int32(2, 1)]);
    const expected = (['CONV_2D', 'ADD', 'DEPTHWISE_CONV_2D', 'AVERAGE_POOL_2D', 'RESHAPE'] as const).map((name) => [
      builtins[name].code,
      builtins[name].version,
    ]);
    assert.deepEqual(codes.slice(0, 5), expected);
    assert.deepEqual(codes.slice(5), [
      [9, 4],
      [25, 2],
    ]);
  });

  it('is read or refused with one sentence, however it is broken', () => {
    const place = fc.integer({ min: 0, max: bytes.length - 1 });
    const change = fc.array(fc.tuple(place, fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(change, fc.integer({ min: 0, max: bytes.length }), fc.boolean(), (changes, length, cut) => {
        const broken = bytes.slice(0, cut ? length : bytes.length);
        for (const [at, value] of changes) broken[at] = value;
        try {
          readTflite(broken);
        } catch (error) {
          assert.ok(error instanceof LinegateError && error.code === 'bad-model', String(error));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('says which operator it cannot run', () => {
    // A model of nothing but TFLite's operator 27 (SVDF) and one subgraph.
    const builder = new Builder();
    const table = (field: number, add: () => void) => {
      builder.startObject(field + 1);
      add();
      return builder.endObject();
    };
    const list = (offset: number) => {
      builder.startVector(4, 1, 4);
      builder.addOffset(offset);
      return builder.endVector();
    };
    const codes = list(table(3, () => builder.addFieldInt32(3, 27, 0)));
    const subgraphs = list(table(0, () => {}));
    const root = table(2, () => {
      builder.addFieldOffset(1, codes, 0);
      builder.addFieldOffset(2, subgraphs, 0);
    });
    builder.finish(root, 'TFL3');
    assert.throws(
      () => readTflite(builder.asUint8Array().slice()),
      /the operator 27; possible are ADD, AVERAGE_POOL_2D/,
    );
  });
});
