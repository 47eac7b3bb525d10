import { LinegateError } from '../errors.ts';
import type { Fold } from './fold.ts';
import { type Entry, type LedgerRow, type Moment, ownEntry } from './row.ts';

/** A page's items: the first of `items`, which come in the order of seq, that fit; one at least. */
export function fitting(
  items: Iterable<LedgerRow | Fold>,
  limit: { readonly rows: number; readonly bytes: number },
): (LedgerRow | Omit<Fold, 'classes'>)[] {
  const page: (LedgerRow | Omit<Fold, 'classes'>)[] = [];
  let bytes = 0;
  for (const item of items) {
    bytes += item.kind === 'folded' ? 0 : item.payload.length;
    if (page.length > 0 && (page.length >= limit.rows || bytes > limit.bytes)) break;
    page.push(item.kind === 'folded' ? withoutClasses(item) : item);
  }
  return page;
}

function withoutClasses({ classes: _, ...fold }: Fold): Omit<Fold, 'classes'> {
  return fold;
}

/** Rows and folds as one, in the order of seq. */
export function* merged<Row extends { readonly seq: number }>(
  rows: Iterable<Row>,
  folds: readonly Fold[],
): Generator<Row | Fold> {
  let next = 0;
  for (const row of rows) {
    for (let fold = folds[next]; fold !== undefined && fold.seq < row.seq; fold = folds[next]) {
      yield fold;
      next += 1;
    }
    yield row;
  }
  yield* folds.slice(next);
}

/** The row that begins an epoch. */
export function branchEntry(
  epoch: string,
  parent: { readonly epoch: string; readonly seq: number },
  why: string,
  at: Moment,
): Entry {
  return ownEntry('event', 'epoch-branched', at, { epoch, parent, why });
}

/** Throws LinegateError 'illegal-input' for an acknowledgement that cannot be. */
export function checkAcknowledged(seq: number, lastSeq: number): void {
  if (Number.isSafeInteger(seq) && seq >= 0 && seq <= lastSeq) return;
  const what = `Row ${seq} cannot be acknowledged, as the ledger's last row is ${lastSeq}`;
  throw new LinegateError('illegal-input', `${what}; answer the station's hello first.`);
}

/** Stages of what may be given up, gentlest first: rows up to `upTo` that fit one of `kinds`. */
export interface FoldStage {
  readonly upTo: number;
  readonly passesOnly: boolean;
}

/** `newest`: the last row that may be given up at all. */
export function foldStages(newest: number, ackedSeq: number): readonly FoldStage[] {
  const acked = Math.min(newest, ackedSeq);
  return [
    { upTo: acked, passesOnly: true },
    { upTo: newest, passesOnly: true },
    { upTo: acked, passesOnly: false },
  ];
}
