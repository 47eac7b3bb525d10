import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { LinegateError, messageOf } from '../../agent/core/errors.ts';

/** Marks the file as a receiver's store of Linegate: `LGRS`. */
const APPLICATION_ID = 0x4c475253;
const BUSY_MS = 2000;

/**
 * Steps from each schema to the next; `user_version` counts them. `items` holds rows and, with `last` above `seq`, spans,
 * whose payload is their counts. `stretches` says which rows of an epoch are there. A row of a station is stored once, with the
 * epoch that had it first: `shares` says which rows of an epoch another one holds; where it says nothing, the parents do.
 * `told` is 1 once a hello has named the parent. A batch in `quarantine` that a person dropped has a reason.
 */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE stations (
    station TEXT PRIMARY KEY, hello TEXT, hello_wall_ms REAL, state TEXT, state_wall_ms REAL, batch_wall_ms REAL) STRICT;
  CREATE TABLE epochs (
    id INTEGER PRIMARY KEY, station TEXT NOT NULL, epoch TEXT NOT NULL, told INTEGER NOT NULL, parent TEXT,
    branch_seq INTEGER NOT NULL, UNIQUE (station, epoch)) STRICT;
  CREATE TABLE stretches (
    epoch_id INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, prev BLOB NOT NULL, head BLOB NOT NULL,
    PRIMARY KEY (epoch_id, first)) STRICT, WITHOUT ROWID;
  CREATE TABLE items (
    epoch_id INTEGER NOT NULL, seq INTEGER NOT NULL, last INTEGER NOT NULL, session INTEGER, kind TEXT NOT NULL,
    mono_ms REAL, wall_ms REAL, part INTEGER, outcome TEXT NOT NULL, score REAL, recipe TEXT, payload TEXT NOT NULL,
    hash BLOB NOT NULL, PRIMARY KEY (epoch_id, seq)) STRICT, WITHOUT ROWID;
  CREATE TABLE quarantine (
    station TEXT NOT NULL, epoch TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, sha256 TEXT NOT NULL,
    wall_ms REAL NOT NULL, detail TEXT NOT NULL, batch TEXT NOT NULL, PRIMARY KEY (station, epoch, sha256)) STRICT;
  CREATE TABLE alarms (
    station TEXT NOT NULL, id TEXT NOT NULL, sentence TEXT NOT NULL, since_wall_ms REAL NOT NULL,
    last_wall_ms REAL NOT NULL, times INTEGER NOT NULL, PRIMARY KEY (station, id)) STRICT;`,
  `CREATE TABLE shares (
    epoch_id INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, held_by INTEGER NOT NULL,
    PRIMARY KEY (epoch_id, first)) STRICT, WITHOUT ROWID;
  ALTER TABLE quarantine RENAME TO quarantine_before;
  CREATE TABLE quarantine (
    id INTEGER PRIMARY KEY AUTOINCREMENT, station TEXT NOT NULL, epoch TEXT NOT NULL, first INTEGER NOT NULL,
    last INTEGER NOT NULL, sha256 TEXT NOT NULL, wall_ms REAL NOT NULL, detail TEXT NOT NULL, batch TEXT NOT NULL,
    dropped_wall_ms REAL, reason TEXT, UNIQUE (station, epoch, sha256)) STRICT;
  INSERT INTO quarantine SELECT rowid, *, NULL, NULL FROM quarantine_before;
  DROP TABLE quarantine_before;`,
];

/** A receiver's database, open for writing and locked against other receivers. */
export interface StoreFile {
  readonly db: Database.Database;
  close(): void;
}

/**
 * Opens a receiver's database for writing, or makes it. Throws LinegateError 'ledger' when the file cannot be used: no
 * access, in use by another receiver, of another program, of a newer Linegate, damaged.
 */
export function openForWriting(file: string): StoreFile {
  const open: Database.Database[] = [];
  const close = (): void => {
    for (const db of open.splice(0).reverse()) db.close();
  };
  try {
    open.push(lock(file));
    const db = new Database(file, { timeout: BUSY_MS });
    open.push(db);
    const version = checkSchema(db, file);
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    migrate(db, version);
    return { db, close };
  } catch (error) {
    close();
    throw storeError(file, error);
  }
}

/** SQLite's own lock on an empty file beside the database: the kernel takes it back when the process dies. */
function lock(file: string): Database.Database {
  const db = new Database(`${file}.lock`, { timeout: 200 });
  try {
    // Without this, SQLite would put a journal beside it.
    db.pragma('journal_mode = MEMORY');
    db.exec('BEGIN EXCLUSIVE');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Opens a receiver's database for reading, also beside a running receiver. Throws LinegateError 'ledger'. */
export function openForReading(file: string): Database.Database {
  return openBeside(file, true);
}

/** The same for a person's few words in it, such as what to drop from quarantine. */
export function openForWord(file: string): Database.Database {
  return openBeside(file, false);
}

function openBeside(file: string, readonly: boolean): Database.Database {
  if (!existsSync(file)) {
    throw new LinegateError('ledger', `There is no database at ${file}: name the --db of a receiver that has run.`);
  }
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { readonly, timeout: BUSY_MS });
    const version = checkSchema(db, file);
    if (version === MIGRATIONS.length) return db;
    const what =
      version === 0
        ? `The database ${file} is empty: no receiver has written to it`
        : `The database ${file} was written by an older Linegate (schema ${version}): start a receiver with it once`;
    throw new LinegateError('ledger', `${what}.`);
  } catch (error) {
    db?.close();
    throw storeError(file, error);
  }
}

function checkSchema(db: Database.Database, file: string): number {
  const version = Number(db.pragma('user_version', { simple: true }));
  const application = db.pragma('application_id', { simple: true });
  const tables = Number(db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get());
  if (version > 0 ? application !== APPLICATION_ID : tables > 0) {
    const what = `${file} is a database of another program, not a receiver's`;
    throw new LinegateError('ledger', `${what}; name another file with --db.`);
  }
  if (version > MIGRATIONS.length) {
    const what = `The database ${file} was written by a newer Linegate (schema ${version}, known here: ${MIGRATIONS.length})`;
    throw new LinegateError('ledger', `${what}; update Linegate.`);
  }
  return version;
}

function migrate(db: Database.Database, from: number): void {
  if (from === MIGRATIONS.length) return;
  const steps = db.transaction(() => {
    for (const step of MIGRATIONS.slice(from)) db.exec(step);
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.pragma(`user_version = ${MIGRATIONS.length}`);
  });
  steps.immediate();
}

const ACCESS = 'this user needs write access to the file and its folder, which must exist';

/** By the beginning of SQLite's result code. */
const ADVICE: readonly (readonly [string, string])[] = [
  ['SQLITE_FULL', 'the disk is full, free some space'],
  ['SQLITE_NOTADB', 'it is not a database; name another file'],
  ['SQLITE_CORRUPT', 'the file is damaged; keep it for inspection and name another one, the stations send again'],
  ['SQLITE_READONLY', ACCESS],
  ['SQLITE_CANTOPEN', ACCESS],
  ['SQLITE_PERM', ACCESS],
  ['SQLITE_BUSY', 'another receiver runs with it; stop that one or name another file'],
  ['SQLITE_IOERR', 'the disk fails; replace it if this goes on'],
];

/** What SQLite or the system says, as a sentence for a person. */
export function storeError(file: string, error: unknown): LinegateError {
  if (error instanceof LinegateError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const missing = error instanceof TypeError && /directory does not exist/.test(error.message);
  const known = ADVICE.find(([prefix]) => code.startsWith(prefix))?.[1];
  const advice = known ?? (missing ? ACCESS : 'see the reason in brackets');
  const reason = messageOf(error).replace(/\.$/, '');
  return new LinegateError('ledger', `The database ${file} cannot be used (${reason}): ${advice}.`, { cause: error });
}
