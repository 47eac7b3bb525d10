import type { Database } from 'better-sqlite3';
import { LinegateError } from '../../core/errors.ts';
import { genesis } from '../../core/ledger/chain.ts';
import { type Fold, type FoldPlan, planFold } from '../../core/ledger/fold.ts';
import { type FoldStage, fitting, foldStages, merged } from '../../core/ledger/page.ts';
import type { LedgerRow, Moment } from '../../core/ledger/row.ts';
import type { OutboxPage, OutboxState } from '../../ports/outbox.ts';
import { readFolds, rowColumns, rowOf, type StoredRow } from './sqlite-rows.ts';
import { prepared } from './statements.ts';
import type { FoldOptions, PageLimit } from './store.ts';

/** OutboxStore without waiting, as the thread has it. */
export interface OutboxCalls {
  state(): OutboxState;
  read(afterSeq: number, limit: PageLimit): OutboxPage;
  acknowledge(seq: number): void;
  hashAt(seq: number): string | null;
  branch(why: string, at: Moment): OutboxState;
  fold(options: FoldOptions, at: Moment): number;
}

/** The epoch that rows go out under now. `first`: that of the file. */
export function readBranch(db: Database, first: string): Pick<OutboxState, 'epoch' | 'parent'> {
  const last = db
    .prepare<[], { epoch: string; parent: string; seq: number }>('SELECT * FROM branches ORDER BY n DESC LIMIT 1')
    .get();
  if (last === undefined) return { epoch: first, parent: null };
  return { epoch: last.epoch, parent: { epoch: last.parent, seq: last.seq } };
}

/** What follows a seq. `first`: the epoch that the chain hangs on. */
export function readPage(db: Database, first: string, afterSeq: number, limit: PageLimit): OutboxPage {
  const sql = `SELECT ${rowColumns} FROM rows WHERE seq > ? ORDER BY seq LIMIT ?`;
  const rows = prepared<[number, number], StoredRow>(db, sql);
  const read = db.transaction((): OutboxPage => {
    const folds = readFolds(db, afterSeq, limit.rows);
    const items = fitting(merged(stored(rows.iterate(afterSeq, limit.rows)), folds), limit);
    const before = (items[0]?.seq ?? afterSeq + 1) - 1;
    const prev = readHash(db, first, before);
    if (prev === null) throw new LinegateError('ledger', `The ledger has no row ${before}; read from a later one.`);
    return { prev, items };
  });
  return read();
}

function* stored(rows: Iterable<StoredRow>): Generator<LedgerRow> {
  for (const row of rows) yield rowOf(row);
}

/** The hash of a row or fold; null when there is none. */
export function readHash(db: Database, first: string, seq: number): string | null {
  if (seq === 0) return genesis(first);
  const find = prepared<[number, number], Buffer>(
    db,
    'SELECT hash FROM rows WHERE seq = ? UNION ALL SELECT hash FROM folds WHERE last = ?',
  );
  return find.pluck().get(seq, seq)?.toString('hex') ?? null;
}

/** Where to look for rows to give up. */
export interface FoldSearch {
  /** No pass is left up to this row: so the rejects of years are not read again each time. */
  readonly afterPass: number;
  /** The last row that may be given up. */
  readonly newest: number;
  readonly ackedSeq: number;
  readonly mostRows: number;
}

/** Plans what to give up next; null when nothing is left. */
export function nextFold(db: Database, search: FoldSearch, at: Moment): FoldPlan | null {
  for (const stage of foldStages(search.newest, search.ackedSeq)) {
    const plan = planFold(foldable(db, stage, search), search.ackedSeq, at);
    if (plan !== null) return plan;
  }
  return null;
}

function foldable(db: Database, { upTo, passesOnly }: FoldStage, search: FoldSearch): Iterable<LedgerRow> {
  const which = passesOnly ? "kind = 'part' AND outcome = 'pass'" : "kind IN ('part', 'summary')";
  const select = prepared<[number, number, number], StoredRow>(
    db,
    `SELECT ${rowColumns} FROM rows WHERE seq > ? AND seq <= ? AND ${which} ORDER BY seq LIMIT ?`,
  );
  return stored(select.iterate(passesOnly ? search.afterPass : 0, upTo, search.mostRows));
}

/** Puts folds in the place of their rows. Within a transaction. */
export function replaceRows(db: Database, folds: readonly Fold[]): void {
  const remove = prepared<[number, number], never>(db, 'DELETE FROM rows WHERE seq BETWEEN ? AND ?');
  const insert = prepared<[number, number, Buffer, string, string], never>(
    db,
    'INSERT INTO folds VALUES (?, ?, ?, ?, ?)',
  );
  for (const { seq, to } of folds) remove.run(seq, to);
  for (const { seq, to, hash, counts, classes } of folds) {
    insert.run(seq, to, Buffer.from(hash, 'hex'), JSON.stringify(counts), JSON.stringify(classes));
  }
}
