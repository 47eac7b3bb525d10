import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { LinegateError, messageOf } from '../../core/errors.ts';
import { genesis } from '../../core/ledger/chain.ts';

/** Marks the file as a ledger of Linegate: `LGLG`. */
const APPLICATION_ID = 0x4c474c47;
/** How long to wait for a reader that holds the file for a moment. */
const BUSY_MS = 2000;
const PAGE_BYTES = 2048;
/** Size at which the write-ahead log is copied into the file. */
const WAL_BYTES = 4096 * 1024;

/** SQLite's own limit. */
const MOST_PAGES = 4_294_967_294;

/**
 * Steps from each schema to the next; `user_version` counts them. `reserved` and `settled` are part numbers: none above
 * `reserved` was in use at the last commit, all up to `settled` are explained. `batch` and `batch_first` (seq of its first
 * new row) are those of the last commit of the session, so that it can be told from a repetition.
 * `acked`: rows up to it are durable at the receiver. `totals`: JSON; null means that they are to be counted. `meta.epoch` is
 * the first one, on which the chain of hashes hangs; `branches` are those after it. `folds` stand where rows were given up.
 * seq needs no AUTOINCREMENT, which would cost a page a commit: it goes on from `meta.seq`, also when rows were deleted.
 */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE meta (
    id INTEGER PRIMARY KEY CHECK (id = 1), epoch TEXT NOT NULL, session INTEGER NOT NULL, seq INTEGER NOT NULL,
    hash BLOB NOT NULL, reserved INTEGER NOT NULL, settled INTEGER NOT NULL,
    batch INTEGER NOT NULL, batch_first INTEGER NOT NULL) STRICT;
  CREATE TABLE sessions (session INTEGER PRIMARY KEY, boot_id TEXT, closed INTEGER NOT NULL) STRICT;
  CREATE TABLE rows (
    seq INTEGER PRIMARY KEY, session INTEGER NOT NULL, kind TEXT NOT NULL, mono_ms REAL NOT NULL, wall_ms REAL NOT NULL,
    part INTEGER, outcome TEXT NOT NULL, score REAL, recipe TEXT, payload TEXT NOT NULL, hash BLOB NOT NULL) STRICT;
  CREATE UNIQUE INDEX rows_part ON rows (part) WHERE part IS NOT NULL;
  CREATE INDEX rows_gap ON rows (seq) WHERE kind = 'gap';`,
  `ALTER TABLE meta ADD COLUMN acked INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE meta ADD COLUMN totals TEXT;
  CREATE TABLE branches (n INTEGER PRIMARY KEY, epoch TEXT NOT NULL, parent TEXT NOT NULL, seq INTEGER NOT NULL) STRICT;
  CREATE TABLE folds (
    seq INTEGER PRIMARY KEY, last INTEGER NOT NULL, hash BLOB NOT NULL, counts TEXT NOT NULL, classes TEXT NOT NULL) STRICT;
  CREATE INDEX rows_folded ON rows (seq) WHERE outcome = 'rows-folded';`,
];

/** A ledger file, open for writing and locked against other stations. */
export interface LedgerFile {
  readonly db: Database.Database;
  close(): void;
}

/**
 * Opens a ledger for writing, or makes it. Throws LinegateError 'state-folder' when the folder cannot be used, 'ledger'
 * when the file cannot: locked by another station, damaged, of another program, of a newer Linegate.
 */
export function openForWriting(path: string, epoch: string): LedgerFile {
  const unlock = lockLedger(path);
  try {
    const { db, close } = openLocked(path, epoch);
    const closeBoth = (): void => {
      close();
      unlock();
    };
    return { db, close: closeBoth };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** Opens a ledger whose lock this process holds. Throws as `openForWriting`. */
export function openLocked(path: string, epoch: string): LedgerFile {
  let opened: Database.Database | undefined;
  try {
    const db = new Database(path, { timeout: BUSY_MS });
    opened = db;
    const version = checkSchema(db, path);
    // Each commit writes whole pages: half the usual size writes two thirds of the bytes. Takes effect in a new file only.
    db.pragma(`page_size = ${PAGE_BYTES}`);
    db.pragma('journal_mode = WAL');
    db.pragma(`wal_autocheckpoint = ${WAL_BYTES / PAGE_BYTES}`);
    db.pragma('synchronous = FULL');
    // In kB; better-sqlite3's own 16 MB serve nobody, since what is written is not read again soon.
    db.pragma('cache_size = -2000');
    migrate(db, version, epoch);
    return { db, close: () => db.close() };
  } catch (error) {
    opened?.close();
    throw ledgerError(path, error);
  }
}

/** Bounds the file's size, in 10^6 bytes; null for no bound. A file that is larger already grows no more. */
export function limitSize({ db }: LedgerFile, megabytes: number | null): void {
  const pageBytes = Number(db.pragma('page_size', { simple: true }));
  const pages = megabytes === null ? MOST_PAGES : Math.max(1, Math.floor((megabytes * 1e6) / pageBytes));
  db.pragma(`max_page_count = ${pages}`);
}

/** Opens a ledger for reading, also beside a running station. Throws LinegateError 'ledger'. */
export function openForReading(path: string): Database.Database {
  if (!existsSync(path)) {
    throw new LinegateError(
      'ledger',
      `There is no ledger at ${path}: name the state folder of a station that has run.`,
    );
  }
  try {
    const db = new Database(path, { readonly: true, timeout: BUSY_MS });
    if (checkSchema(db, path) > 0) return db;
    db.close();
  } catch (error) {
    throw ledgerError(path, error);
  }
  throw new LinegateError('ledger', `The ledger ${path} is empty: no station has written to it.`);
}

/**
 * Keeps other stations from a ledger until what it returns is called; may be called again. SQLite's own lock on an empty file
 * beside the ledger: the kernel takes it back when the process dies, and it leaves readers of the ledger alone. Throws
 * LinegateError 'state-folder' or 'ledger'.
 */
export function lockLedger(path: string): () => void {
  checkFolder(dirname(path));
  let db: Database.Database | undefined;
  try {
    db = new Database(`${path}.lock`, { timeout: 200 });
    // Without this, SQLite would put a journal beside it.
    db.pragma('journal_mode = MEMORY');
    db.exec('BEGIN EXCLUSIVE');
    return () => db?.close();
  } catch (error) {
    db?.close();
    if (!codeOf(error).startsWith('SQLITE_BUSY')) throw ledgerError(path, error);
    const what = `A station is running already with the ledger ${path}`;
    throw new LinegateError('ledger', `${what}; stop it first, or give this one another state folder.`);
  }
}

function checkSchema(db: Database.Database, path: string): number {
  const version = Number(db.pragma('user_version', { simple: true }));
  const application = db.pragma('application_id', { simple: true });
  const foreign = version > 0 ? application !== APPLICATION_ID : tableCount(db) > 0;
  if (foreign) {
    throw new LinegateError('ledger', `${path} is a database of another program, not a ledger; name another file.`);
  }
  if (version > MIGRATIONS.length) {
    const what = `The ledger ${path} was written by a newer Linegate (schema ${version}, known here: ${MIGRATIONS.length})`;
    throw new LinegateError('ledger', `${what}; update Linegate.`);
  }
  return version;
}

function tableCount(db: Database.Database): number {
  return Number(db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get());
}

function migrate(db: Database.Database, from: number, epoch: string): void {
  if (from === MIGRATIONS.length) return;
  const steps = db.transaction(() => {
    for (const step of MIGRATIONS.slice(from)) db.exec(step);
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.pragma(`user_version = ${MIGRATIONS.length}`);
    const first = db.prepare(
      `INSERT OR IGNORE INTO meta (id, epoch, session, seq, hash, reserved, settled, batch, batch_first)
       VALUES (1, ?, 0, 0, ?, 0, 0, 0, 0)`,
    );
    first.run(epoch, Buffer.from(genesis(epoch), 'hex'));
  });
  steps.immediate();
}

function checkFolder(folder: string): void {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new LinegateError(
      'state-folder',
      `The state folder ${folder} does not exist; create it or name another one.`,
    );
  }
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    const what = `The state folder ${folder} cannot be written (${codeOf(cause)})`;
    throw new LinegateError('state-folder', `${what}; give the station's user write access to it.`, { cause });
  }
}

/** What SQLite or the system says, as a sentence for a person. */
export function ledgerError(path: string, error: unknown): LinegateError {
  if (error instanceof LinegateError) return error;
  const code = codeOf(error);
  const advice = ADVICE.find(([prefix]) => code.startsWith(prefix))?.[1] ?? 'see the reason in brackets';
  const reason = messageOf(error).replace(/\.$/, '');
  return new LinegateError('ledger', `The ledger ${path} cannot be used (${reason}): ${advice}.`, { cause: error });
}

/** Whether something failed for want of space: on the disk, or within the ledger's own limit. */
export function isFull(error: unknown): boolean {
  const code = codeOf(error instanceof LinegateError ? error.cause : error);
  return code === 'SQLITE_FULL' || code === 'ENOSPC';
}

const ACCESS = "run this as the station's user, who needs write access to the file and its folder";

/** By the beginning of SQLite's result code. */
const ADVICE: readonly (readonly [string, string])[] = [
  ['SQLITE_FULL', 'the disk is full, free some space'],
  ['SQLITE_NOTADB', 'it is not a database; move the file away to begin a new ledger'],
  ['SQLITE_CORRUPT', 'the file is damaged; move it away to begin a new ledger and keep it for inspection'],
  ['SQLITE_READONLY', ACCESS],
  ['SQLITE_CANTOPEN', ACCESS],
  ['SQLITE_PERM', ACCESS],
  ['SQLITE_BUSY', 'another program holds it; close that program'],
  ['SQLITE_IOERR', 'the disk fails; replace it if this goes on'],
];

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
