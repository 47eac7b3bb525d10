import assert from 'node:assert/strict';
import { type RawRecord, type RawRequest, recordBytes } from '../raw.ts';

/** A record of the gatekeeper's; what is left out is 0. */
export function writeRecord(fields: Partial<RawRecord> & Pick<RawRecord, 'kind' | 'number'>): Uint8Array {
  const bytes = new Uint8Array(recordBytes);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0x474c, true);
  view.setUint8(2, 1);
  view.setUint8(3, fields.kind);
  view.setBigUint64(8, fields.number, true);
  for (const [at, value] of [fields.at, fields.due, fields.counts].entries()) {
    view.setBigInt64(16 + 8 * at, value ?? 0n, true);
  }
  for (const [at, value] of [fields.part, fields.value].entries()) view.setBigUint64(40 + 8 * at, value ?? 0n, true);
  const { action, cause, verdict, confirmation, flag, code } = fields;
  for (const [at, value] of [action, cause, verdict, confirmation, flag, code].entries()) {
    view.setUint8(56 + at, value ?? 0);
  }
  return bytes;
}

/** What the agent sent, which must be exactly right. */
export function readRequest(bytes: Uint8Array): RawRequest {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  assert.equal(bytes.length, recordBytes);
  assert.deepEqual([view.getUint16(0, true), view.getUint8(2), view.getUint32(4, true)], [0x474c, 1, 0]);
  assert.ok(bytes.subarray(33).every((byte) => byte === 0));
  return {
    kind: view.getUint8(3),
    number: view.getBigUint64(8, true),
    nonce: view.getBigUint64(16, true),
    part: view.getBigUint64(24, true),
    argument: view.getUint8(32),
  };
}
