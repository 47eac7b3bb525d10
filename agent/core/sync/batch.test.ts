import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { assertSentence } from '../../../test/support/sentence.ts';
import { chainHash, genesis } from '../ledger/chain.ts';
import { canonicalJson, type LedgerRow } from '../ledger/row.ts';
import { batchText, readBatch, wireRow } from './batch.ts';
import type { WireBatch, WireItem, WireSpan } from './protocol.ts';
import { limits, pack, readAck, readHello, readState, unpack } from './wire.ts';

const codec = {
  deflate: (bytes: Uint8Array) => deflateSync(bytes),
  inflate: (bytes: Uint8Array, maxOutputLength: number) => inflateSync(bytes, { maxOutputLength }),
};

function rowsOf(payloads: readonly Record<string, unknown>[]): LedgerRow[] {
  let before = genesis('e');
  return payloads.map((payload, index) => {
    const seq = index + 1;
    const plain = { seq, session: 1, kind: 'event' as const, monoMs: seq, wallMs: 0.5, part: null, outcome: 'x' };
    const unhashed = { ...plain, score: null, recipe: null, payload: canonicalJson(payload) };
    before = chainHash(before, unhashed);
    return { ...unhashed, hash: before };
  });
}

function textOf(items: readonly WireItem[]): string {
  const [first, ...others] = items;
  assert.ok(first !== undefined);
  return batchText('e', genesis('e'), [first, ...others]);
}

const payloads = fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { minLength: 1, maxLength: 20 });

test('batch: whatever rows hold, what was made is read as it was, deflated or not', () => {
  fc.assert(
    fc.property(payloads, (all) => {
      const items = rowsOf(all).map(wireRow);
      const reading = readBatch(unpack(pack(textOf(items), codec), 'batch', codec));
      assert.equal(reading.kind, 'batch', JSON.stringify(reading));
      if (reading.kind !== 'batch') return;
      assert.equal(canonicalJson(reading.batch.rows), canonicalJson(items));
      assert.deepEqual([reading.from, reading.to], [1, items.length]);
    }),
  );
});

test('batch: whatever byte changes on the way, it is refused or unchanged, and never throws', () => {
  const items = rowsOf([{ a: 1 }, { b: [2, null] }, { c: 'd' }]).map(wireRow);
  const whole = textOf(items);
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.string({ minLength: 1, maxLength: 3 }), (at, instead) => {
      const changed = whole.slice(0, at) + instead + whole.slice(at + 1);
      const reading = readBatch(changed);
      if (reading.kind === 'refused') assertSentence(reading.reject.detail);
      else assert.deepEqual(JSON.parse(changed).rows, items);
    }),
    { numRuns: 2000 },
  );
});

test('batch: spans stand for many rows, and the chain goes on after them', () => {
  const rows = rowsOf([{}, {}, {}, {}]);
  const [, second, , fourth] = rows.map(wireRow);
  assert.ok(second !== undefined && fourth !== undefined);
  const skip: WireSpan = { kind: 'skip', seq: 1, to: 3, counts: { pass: 3 }, hash: rows[2]?.hash ?? '' };
  const reading = readBatch(textOf([skip, fourth]));
  assert.equal(reading.kind === 'batch' && reading.to, 4);
  const broken = readBatch(textOf([{ ...skip, hash: second.hash }, fourth]));
  assert.equal(broken.kind === 'refused' && broken.reject.reason, 'corrupt');
});

test('batch: a hole, a changed row and a newer version are refused with epoch, range and reason', () => {
  const [first, second, third] = rowsOf([{}, {}, {}]).map(wireRow);
  assert.ok(first !== undefined && second !== undefined && third !== undefined);
  const refused = (text: string) => {
    const reading = readBatch(text);
    assert.equal(reading.kind, 'refused');
    if (reading.kind !== 'refused') throw new Error('unreachable');
    assertSentence(reading.reject.detail);
    const { from, to, reason } = reading.reject;
    return [reading.epoch, from, to, reason];
  };
  assert.deepEqual(refused(textOf([first, third])), ['e', 1, 3, 'corrupt']);
  assert.deepEqual(refused(textOf([first, { ...second, wallMs: 7 }, third])), ['e', 1, 3, 'corrupt']);
  const newer: WireBatch = { ...JSON.parse(textOf([first, second])), v: 2 };
  assert.deepEqual(refused(JSON.stringify(newer)), ['e', 1, 2, 'version']);
  assert.deepEqual(refused(JSON.stringify({ ...newer, v: 1, prev: 'x' })), ['e', 1, 2, 'unreadable']);
  assert.deepEqual(refused('{'), [null, 0, 0, 'unreadable']);
  assert.deepEqual(refused('[]'), [null, 0, 0, 'unreadable']);
});

test('wire: anything else than the message is told in one sentence', () => {
  for (const read of [readHello, readAck, readState]) {
    for (const json of ['', '{}', 'null', '[1]', '{"v":1}', '{"v":2}', `"${'x'.repeat(limits.largestBytes)}"`]) {
      assert.throws(
        () => read(json),
        (error: Error) => {
          assertSentence(error.message);
          return true;
        },
      );
    }
  }
  const ack = { v: 1, epoch: 'e', hello: null, maxContig: 9, head: null, credit: 16, retryMs: 1000, reject: [] };
  assert.deepEqual(
    readAck(
      JSON.stringify({
        ...ack,
        ranges: [
          [1, 4],
          [6, 9],
        ],
        newer: true,
      }),
    ).ranges.length,
    2,
  );
  for (const ranges of [
    [[2, 1]],
    [
      [1, 2],
      [2, 3],
    ],
    [[0, 1]],
    [[1, 1.5]],
  ]) {
    assert.throws(() => readAck(JSON.stringify({ ...ack, ranges })), /no ack of version 1: ranges/);
  }
});

test('wire: bytes that are no text, and bytes that inflate without end, are refused', () => {
  for (const bytes of [Uint8Array.of(0xff), Uint8Array.of(0x78, 1, 2), deflateSync(Buffer.alloc(10_000_000))]) {
    assert.throws(() => unpack(bytes, 'ack', codec), /A message is no ack of version 1: its bytes/);
  }
});
