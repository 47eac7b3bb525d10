import { genesis } from '../../../agent/core/ledger/chain.ts';
import { emptyHead, enter, type Head } from '../../../agent/core/ledger/head.ts';
import { type LedgerRow, type NewRow, toEntry } from '../../../agent/core/ledger/row.ts';
import { batchText, readBatch, wireRow } from '../../../agent/core/sync/batch.ts';
import { protocolVersion, type WireBatch, type WireHello, type WireItem } from '../../../agent/core/sync/protocol.ts';

/** The ledger of a station in memory, chained as a real one. */
export interface FakeLedger {
  /** The first epoch, which the chain hangs on. */
  readonly root: string;
  readonly head: Head;
  readonly rows: readonly LedgerRow[];
}

/** A ledger without rows. */
export function emptyLedger(root: string): FakeLedger {
  return { root, head: emptyHead(root), rows: [] };
}

/** The ledger with `parts` part rows more, each tenth a reject, and a summary after each part that 25 divides. */
export function worked(ledger: FakeLedger, parts: number, label = 'normal'): FakeLedger {
  let { head } = ledger;
  const rows = [...ledger.rows];
  const add = (row: NewRow): void => {
    const entered = enter(head, toEntry(row), 0);
    if (entered === null) throw new Error(`part ${row.part} is there already`);
    head = entered.head;
    rows.push(entered.row);
  };
  for (let count = 0; count < parts; count += 1) {
    const part = (head.explained.at(-1)?.[1] ?? 0) + 1;
    add(partRow(part, label));
    if (part % 25 === 0) add(summaryRow(part));
  }
  return { ...ledger, head, rows };
}

function partRow(part: number, label: string): NewRow {
  const outcome = part % 10 === 0 ? 'reject' : 'pass';
  const payload = { label, scores: [0.75, 0.25], action: 'none', confirmation: 'none', widthUs: 50_000 };
  const times = { monoMs: part * 100.25, wallMs: 1.7e12 + part };
  return { kind: 'part', ...times, part, outcome, score: 0.25, recipe: 'ring@1', urgent: false, payload };
}

function summaryRow(part: number): NewRow {
  const none = { part: null, score: null, recipe: null };
  const times = { monoMs: part * 100.5, wallMs: 1.7e12 + part };
  return { kind: 'summary', ...times, ...none, outcome: 'minute', urgent: false, payload: { minute: part } };
}

/** Hash of the row `seq`, or what the first hangs on. */
export function hashOf({ root, rows }: FakeLedger, seq: number): string {
  return rows[seq - 1]?.hash ?? genesis(root);
}

/** JSON of a batch with the rows `from` to `to`, or with `items` in their place. */
export function textOf(ledger: FakeLedger, from: number, to: number, epoch = ledger.root, items?: WireItem[]): string {
  const [first, ...others] = items ?? ledger.rows.slice(from - 1, to).map(wireRow);
  if (first === undefined) throw new Error(`there are no rows ${from} to ${to}`);
  return batchText(epoch, hashOf(ledger, from - 1), [first, ...others]);
}

/** The same as a receiver has read it. */
export function batchOf(...about: Parameters<typeof textOf>): WireBatch {
  const reading = readBatch(textOf(...about));
  if (reading.kind === 'refused') throw new Error(reading.reject.detail);
  return reading.batch;
}

/** All rows after `after`, in batches of `size`. */
export function batchesOf(ledger: FakeLedger, size: number, epoch = ledger.root, after = 0): WireBatch[] {
  const batches: WireBatch[] = [];
  for (let from = after + 1; from <= ledger.rows.length; from += size) {
    batches.push(batchOf(ledger, from, Math.min(from + size - 1, ledger.rows.length), epoch));
  }
  return batches;
}

/** A station's hello. */
export function helloOf(ledger: FakeLedger, epoch: string, parent: WireHello['parent']): WireHello {
  const clock = { monoMs: 1, wallMs: 2, state: 'synced' } as const;
  const lastSeq = ledger.rows.length;
  const about = { bootId: null, clock, software: 'test', recipe: 'ring@1', modelDigest: 'none' };
  const seqs = { firstUnacked: 1, lastSeq, head: hashOf(ledger, lastSeq) };
  return { v: protocolVersion, id: `hello-${epoch}`, epoch, parent, ...seqs, ...about };
}
