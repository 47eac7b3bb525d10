import { hash } from 'node:crypto';
import { z } from 'zod';
import { messageOf } from '../errors.ts';
import { chainHash } from '../ledger/chain.ts';
import { canonicalJson, type LedgerRow } from '../ledger/row.ts';
import { protocolVersion, type WireBatch, type WireItem, type WireReject, type WireRow } from './protocol.ts';
import { count, digest, fitting, limits, parsed, seq, text } from './wire.ts';

/** A row of the ledger as it travels. */
export function wireRow(row: LedgerRow): WireRow {
  return { ...row, payload: JSON.parse(row.payload) as Record<string, unknown> };
}

/** The last seq that an item stands for. */
export function lastOf(item: WireItem): number {
  return 'to' in item ? item.to : item.seq;
}

/** The JSON text of a batch of items that follow each other; `prev` is the hash of the row before them. */
export function batchText(epoch: string, prev: string, items: readonly [WireItem, ...WireItem[]]): string {
  const rows = canonicalJson(items);
  const around = { v: protocolVersion, epoch, s: items[0].seq, prev, sha256: hash('sha256', rows) };
  return `${JSON.stringify(around).slice(0, -1)},"rows":${rows}}`;
}

// A record schema would drop a key such as `__proto__`, and the hash with it.
const payload = z.custom<Record<string, unknown>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be an object',
);

const row = z.object({
  seq,
  session: count,
  kind: text(50).refine((kind) => kind !== 'skip' && kind !== 'folded', 'must have a field to'),
  monoMs: z.number(),
  wallMs: z.number(),
  part: seq.nullable(),
  outcome: text(1000),
  score: z.number().nullable(),
  recipe: text(1000).nullable(),
  payload,
  hash: digest,
});

const span = z
  .object({ kind: z.enum(['skip', 'folded']), seq, to: seq, counts: z.record(text(1100), count), hash: digest })
  .refine(({ seq: from, to }) => from <= to, 'must not end before it begins');

const batch = z.object({
  v: z.literal(protocolVersion),
  epoch: text(200).min(1),
  s: seq,
  prev: digest,
  rows: z
    .array(z.union([span, row]))
    .min(1)
    .max(limits.rows),
  sha256: digest,
}) satisfies z.ZodType<WireBatch>;

/** What became of reading a batch: rows that are whole, or why not. */
export type BatchReading =
  | { readonly kind: 'batch'; readonly batch: WireBatch; readonly from: number; readonly to: number }
  /** `epoch` is null when it cannot be told; then the range of the reject is 0 to 0, too. */
  | { readonly kind: 'refused'; readonly epoch: string | null; readonly reject: WireReject };

/** Reads a batch's JSON text and checks its version, its SHA-256, that its rows have no hole and that they are chained. */
export function readBatch(json: string): BatchReading {
  let value: unknown;
  try {
    value = parsed(json, 'batch');
    const newer = newerVersion(value);
    if (newer !== null) {
      const detail = `The batch is of version ${newer}, and this receiver reads ${protocolVersion}: update the receiver.`;
      return refused(value, 'version', detail);
    }
    return checked(fitting(batch, value, 'batch'), value, json);
  } catch (error) {
    return refused(value, 'unreadable', messageOf(error));
  }
}

function checked(read: WireBatch, value: unknown, json: string): BatchReading {
  const fault = isWhole(read, value, json)
    ? chainFaultOf(read)
    : `The rows from ${read.s} on do not fit their SHA-256.`;
  if (fault !== null) return refused(read, 'corrupt', fault);
  return { kind: 'batch', batch: read, from: read.s, to: read.rows.reduce((_, item) => lastOf(item), read.s) };
}

const ROWS = ',"rows":';

/**
 * The SHA-256 is over the rows as they came, with fields that a newer station may have added. A station that writes canonical
 * JSON with the rows last has sent that very text: to hash it as it is takes a fraction of writing it once more.
 */
function isWhole({ sha256 }: WireBatch, value: unknown, json: string): boolean {
  const at = json.indexOf(ROWS);
  if (at > 0 && hash('sha256', json.slice(at + ROWS.length, -1)) === sha256) return true;
  return hash('sha256', canonicalJson((value as { rows: unknown }).rows)) === sha256;
}

function chainFaultOf({ s, prev, rows }: WireBatch): string | null {
  let before = prev;
  let next = s;
  for (const item of rows) {
    if (item.seq !== next) return `Row ${next} should come next, and ${item.seq} does.`;
    if (
      !('to' in item) &&
      chainHash(before, { ...item, kind: item.kind as LedgerRow['kind'], payload: canonicalJson(item.payload) }) !==
        item.hash
    ) {
      return `Row ${item.seq} does not fit its hash and that of the row before.`;
    }
    before = item.hash;
    next = lastOf(item) + 1;
  }
  return null;
}

function newerVersion(value: unknown): number | null {
  const { v } = fieldsOf(value);
  return typeof v === 'number' && v > protocolVersion ? v : null;
}

/** Names epoch and range as far as they can be read. */
function refused(value: unknown, reason: WireReject['reason'], detail: string): BatchReading {
  const { epoch, s, rows } = fieldsOf(value);
  const known = typeof epoch === 'string' && Number.isSafeInteger(s) && Array.isArray(rows);
  if (!known) return { kind: 'refused', epoch: null, reject: { from: 0, to: 0, reason, detail } };
  const last = fieldsOf(rows.at(-1));
  const to = [last['to'], last['seq'], s].find(Number.isSafeInteger);
  return { kind: 'refused', epoch, reject: { from: Number(s), to: Math.max(Number(s), Number(to)), reason, detail } };
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
