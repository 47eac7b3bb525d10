import path from 'node:path';
import { readLedger } from '../../agent/adapters/ledger/read.ts';
import { gapRanges, type LedgerRow } from '../../agent/core/ledger/row.ts';
import { ledgerFile } from '../../agent/main.ts';

/** A part's record as a station announced it, and no sooner than it was durable. */
export interface Acknowledged {
  readonly seq: number;
  readonly part: number;
  /** A verdict, or the reason why there is none. */
  readonly what: string;
}

/** What one life of a station told in its log of level debug. */
export interface Life {
  readonly started: boolean;
  readonly triggered: readonly number[];
  readonly acknowledged: readonly Acknowledged[];
}

/** Reads the log of a life; its last line may be torn. */
export function lifeOf(log: string): Life {
  const lines = log
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.startsWith('{'));
  const notes = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  const of = (event: string): Record<string, unknown>[] => notes.filter((note) => note['event'] === event);
  return {
    started: of('started').length > 0,
    triggered: of('trigger').map(({ part }) => Number(part)),
    acknowledged: of('recorded').map(({ seq, part, what }) => ({
      seq: Number(seq),
      part: Number(part),
      what: String(what),
    })),
  };
}

/** All rows of the ledger in a state folder. */
export async function rowsIn(state: string): Promise<LedgerRow[]> {
  const rows: LedgerRow[] = [];
  for await (const row of readLedger(path.join(state, ledgerFile))) rows.push(row);
  return rows;
}

/** How often each part number is explained, by a row of its own or by a gap. */
export function explanations(rows: readonly LedgerRow[]): ReadonlyMap<number, number> {
  const times = new Map<number, number>();
  const explain = (part: number): void => void times.set(part, (times.get(part) ?? 0) + 1);
  for (const row of rows) {
    if (row.part !== null) explain(row.part);
    if (row.kind !== 'gap') continue;
    for (const [from, to] of gapRanges(row.payload)) for (let part = from; part <= to; part += 1) explain(part);
  }
  return times;
}

/** A part row's verdict, or the reason why there is none. */
export function whatOf(row: LedgerRow): string {
  const { reason } = JSON.parse(row.payload) as { reason?: string };
  return row.outcome === 'no-verdict' ? String(reason) : row.outcome;
}
