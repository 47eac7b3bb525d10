import { LinegateError } from '../../../core/errors.ts';

/** Every record has this size; agent/native/gatekeeper/wire.h is the contract. */
export const recordBytes = 64;

const magic = 0x474c;
const version = 1;

/** The fields of a record from the gatekeeper, of which each kind uses some. */
export interface RawRecord {
  readonly kind: number;
  readonly number: bigint;
  readonly at: bigint;
  readonly due: bigint;
  readonly counts: bigint;
  readonly part: bigint;
  readonly value: bigint;
  readonly action: number;
  readonly cause: number;
  readonly verdict: number;
  readonly confirmation: number;
  readonly flag: number;
  readonly code: number;
}

/** The fields of a record to the gatekeeper. */
export interface RawRequest {
  readonly kind: number;
  readonly number: bigint;
  readonly nonce: bigint;
  readonly part: bigint;
  readonly argument: number;
}

/** Reads 64 bytes. Throws a LinegateError 'bad-message' when they are no record. */
export function readRaw(bytes: Uint8Array): RawRecord {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = bytes.byteLength === recordBytes && view.getUint16(0, true) === magic && view.getUint32(4, true) === 0;
  if (!head || view.getUint16(62, true) !== 0) throw badRecord('bytes that are no record');
  if (view.getUint8(2) !== version) throw badRecord(`a record of version ${view.getUint8(2)} instead of ${version}`);
  return {
    kind: view.getUint8(3),
    number: view.getBigUint64(8, true),
    at: view.getBigInt64(16, true),
    due: view.getBigInt64(24, true),
    counts: view.getBigInt64(32, true),
    part: view.getBigUint64(40, true),
    value: view.getBigUint64(48, true),
    action: view.getUint8(56),
    cause: view.getUint8(57),
    verdict: view.getUint8(58),
    confirmation: view.getUint8(59),
    flag: view.getUint8(60),
    code: view.getUint8(61),
  };
}

export function writeRequest({ kind, number, nonce, part, argument }: RawRequest): Uint8Array {
  const bytes = new Uint8Array(recordBytes);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, magic, true);
  view.setUint8(2, version);
  view.setUint8(3, kind);
  view.setBigUint64(8, number, true);
  view.setBigUint64(16, nonce, true);
  view.setBigUint64(24, part, true);
  view.setUint8(32, argument);
  return bytes;
}

/** The error for something that the gatekeeper sent and this agent cannot take. */
export function badRecord(what: string): LinegateError {
  const message = `The gatekeeper sent ${what}; install the gatekeeper and the agent of the same Linegate version.`;
  return new LinegateError('bad-message', message);
}
