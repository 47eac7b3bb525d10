import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import { messageOf } from '../../core/errors.ts';
import { Audit, type AuditReport } from '../../core/ledger/audit.ts';
import { genesis } from '../../core/ledger/chain.ts';
import { merged } from '../../core/ledger/page.ts';
import type { LedgerRow } from '../../core/ledger/row.ts';
import { ledgerError, openForReading } from './sqlite-file.ts';
import { readFolds, rowColumns, rowOf, type StoredRow } from './sqlite-rows.ts';

/** Rows a read: small enough to let the event loop breathe, large enough to cost nothing. */
const PAGE_ROWS = 2000;
const FOLLOW_MS = 250;

interface StoredEnd {
  readonly epoch: string;
  readonly session: number;
  readonly seq: number;
  readonly hash: Buffer;
  readonly closed: number | null;
}

/**
 * Audits a ledger, also beside a running station, whose rows up to now it sees. `onProgress` hears how many rows of how
 * many are done. Rejects with a LinegateError 'ledger' when the file cannot be opened; damage inside is a finding.
 */
export async function verifyLedger(
  path: string,
  onProgress: (rows: number, ofRows: number) => void = () => {},
): Promise<AuditReport> {
  const db = openForReading(path);
  try {
    // One transaction: all reads see the ledger as it is now.
    db.exec('BEGIN');
    const end = readEnd(db);
    const audit = new Audit(end.epoch);
    try {
      let rows = 0;
      const folds = readFolds(db);
      for await (const page of pages(db, 0)) {
        const until = page.at(-1)?.seq ?? Number.POSITIVE_INFINITY;
        const count = folds.filter(({ seq }) => seq < until).length;
        for (const item of merged(page, folds.splice(0, count))) audit.take(item);
        rows += page.length;
        if (page.length === PAGE_ROWS) onProgress(rows, end.seq);
      }
      for (const fold of folds) audit.take(fold);
      checkFile(db, audit);
    } catch (error) {
      audit.find(
        `The file cannot be read to its end (${messageOf(error)}): keep it for inspection and begin a new ledger.`,
      );
    }
    return audit.finish({ ...end, hash: end.hash.toString('hex'), closed: end.closed === 1 });
  } catch (error) {
    throw ledgerError(path, error);
  } finally {
    db.close();
  }
}

/** All rows from the first, or the last `count`; goes on with what comes while `follow` is given and not aborted. */
export async function* readLedger(
  path: string,
  { last, follow }: { readonly last?: number; readonly follow?: AbortSignal } = {},
): AsyncGenerator<LedgerRow> {
  const db = openForReading(path);
  try {
    let seq = last === undefined ? 0 : Math.max(0, readEnd(db).seq - last);
    for (;;) {
      for await (const page of pages(db, seq)) {
        seq = page.at(-1)?.seq ?? seq;
        yield* page;
      }
      if (follow === undefined || follow.aborted) return;
      await setTimeout(FOLLOW_MS, undefined, { signal: follow }).catch(() => undefined);
    }
  } catch (error) {
    throw ledgerError(path, error);
  } finally {
    db.close();
  }
}

/** The ledger as lines of text, each with its end of line: CSV under a header (RFC 4180), or one JSON object a row. */
export async function* exportLedger(path: string, format: 'csv' | 'jsonl'): AsyncGenerator<string> {
  const line = format === 'csv' ? csvLine : jsonLine;
  let headerDue = format === 'csv';
  for await (const row of readLedger(path)) {
    // Not before the ledger is open: of what is none nothing at all is written.
    if (headerDue) yield `${COLUMNS.join(',')}\r\n`;
    headerDue = false;
    yield line(row);
  }
}

const COLUMNS = [
  'seq',
  'session',
  'kind',
  'monoMs',
  'wallMs',
  'part',
  'outcome',
  'score',
  'recipe',
  'payload',
  'hash',
] as const satisfies readonly (keyof LedgerRow)[];

function csvLine(row: LedgerRow): string {
  return `${COLUMNS.map((column) => csvField(row[column])).join(',')}\r\n`;
}

function csvField(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A row as one line of JSON, its payload as an object. */
export function jsonLine({ payload, ...row }: LedgerRow): string {
  return `${JSON.stringify(row).slice(0, -1)},"payload":${payload}}\n`;
}

/** Short reads, each with a snapshot of its own unless a transaction is open, so that a checkpoint never waits for us. */
async function* pages(db: Database, after: number): AsyncGenerator<LedgerRow[]> {
  const select = db.prepare<[number, number], StoredRow>(
    `SELECT ${rowColumns} FROM rows WHERE seq > ? ORDER BY seq LIMIT ?`,
  );
  for (let seq = after; ; ) {
    const page = select.all(seq, PAGE_ROWS);
    if (page.length > 0) yield page.map(rowOf);
    seq = page.at(-1)?.seq ?? seq;
    if (page.length < PAGE_ROWS) return;
    await setImmediate();
  }
}

function readEnd(db: Database): StoredEnd {
  const end = db
    .prepare<[], StoredEnd>(
      `SELECT epoch, session, seq, hash,
       (SELECT closed FROM sessions WHERE sessions.session = meta.session) AS closed FROM meta`,
    )
    .get();
  return end ?? { epoch: '', session: 0, seq: 0, hash: Buffer.from(genesis(''), 'hex'), closed: null };
}

/** SQLite's own look at its pages. */
function checkFile(db: Database, audit: Audit): void {
  const said = db.pragma('quick_check(1)', { simple: true });
  if (said !== 'ok') audit.find(`The file is damaged: ${String(said)}.`);
}
