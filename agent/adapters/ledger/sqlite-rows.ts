import type { Database } from 'better-sqlite3';
import type { Fold } from '../../core/ledger/fold.ts';
import type { LedgerRow, RowKind } from '../../core/ledger/row.ts';
import type { Counts } from '../../core/ledger/totals.ts';
import { prepared } from './statements.ts';

/** The columns of a StoredRow; the hash as text, since each Buffer is memory that V8 is slow to give back. */
export const rowColumns =
  'seq, session, kind, mono_ms, wall_ms, part, outcome, score, recipe, payload, lower(hex(hash)) AS hash';

/** A row of the table `rows`, by `rowColumns`. */
export interface StoredRow {
  readonly seq: number;
  readonly session: number;
  readonly kind: RowKind;
  readonly mono_ms: number;
  readonly wall_ms: number;
  readonly part: number | null;
  readonly outcome: string;
  readonly score: number | null;
  readonly recipe: string | null;
  readonly payload: string;
  readonly hash: string;
}

export function rowOf({ mono_ms, wall_ms, ...row }: StoredRow): LedgerRow {
  return { ...row, monoMs: mono_ms, wallMs: wall_ms };
}

/** The folds that end after a seq, in order, at most `most`; none in a ledger that no newer Linegate has opened yet. */
export function readFolds(db: Database, after = 0, most = -1): Fold[] {
  if (Number(prepared<[], number>(db, 'PRAGMA user_version').pluck().get()) < 2) return [];
  const sql = 'SELECT * FROM folds WHERE last > ? ORDER BY seq LIMIT ?';
  const select = prepared<[number, number], StoredFold>(db, sql);
  return select.all(after, most).map(foldOf);
}

interface StoredFold {
  readonly seq: number;
  readonly last: number;
  readonly hash: Buffer;
  readonly counts: string;
  readonly classes: string;
}

function foldOf({ seq, last, hash, counts, classes }: StoredFold): Fold {
  const [countsRead, classesRead] = [JSON.parse(counts) as Counts, JSON.parse(classes) as Counts];
  return { kind: 'folded', seq, to: last, hash: hash.toString('hex'), counts: countsRead, classes: classesRead };
}
