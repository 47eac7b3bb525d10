import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import type { Statement } from 'better-sqlite3';
import { LinegateError } from '../../core/errors.ts';
import { partsBehind } from '../../core/ledger/fold.ts';
import { closeSession, enter, type Head, openSession, type PreviousSession } from '../../core/ledger/head.ts';
import { branchEntry, checkAcknowledged } from '../../core/ledger/page.ts';
import { includes, type Range, withRange, withRanges } from '../../core/ledger/ranges.ts';
import type { Entry, LedgerRow, Moment } from '../../core/ledger/row.ts';
import { noTotals, type Totals, totalsAfter } from '../../core/ledger/totals.ts';
import type { LedgerOpening } from '../../ports/ledger.ts';
import type { OutboxPage, OutboxState } from '../../ports/outbox.ts';
import { Ballast } from './ballast.ts';
import { isFull, type LedgerFile, ledgerError, limitSize, openForWriting } from './sqlite-file.ts';
import { nextFold, type OutboxCalls, readBranch, readHash, readPage, replaceRows } from './sqlite-outbox.ts';
import { rowColumns, rowOf, type StoredRow } from './sqlite-rows.ts';
import type { FoldOptions, PageLimit, SessionStart } from './store.ts';

/**
 * Part numbers that stay reserved ahead of the highest recorded one: more than can be on the belt, in the classifier and
 * waiting for a flush together, since these are what a power cut takes.
 */
const SPARE_PARTS = 256;

/** Rows to give up in one transaction on a full disk: its log must find room, too. */
const FOLD_ROWS = 1000;
const KEEP_NEWEST = 4096;
/** Commits after which it is tried to make the ballast again. */
const BALLAST_COMMITS = 64;

/** Bounds of the ledger's space; without them only the disk's. */
export interface SpaceOptions {
  /** Largest size of the database file, in 10^6 bytes; its log takes some 4 MB more. */
  readonly maxMegabytes?: number;
  /** Size of the ballast file beside it, bytes; none when left out. */
  readonly ballastBytes?: number;
  /** Newest rows that stay when passes are given up because the ledger is full; 4096 when left out. */
  readonly keepNewest?: number;
}

interface Meta {
  readonly epoch: string;
  readonly session: number;
  readonly seq: number;
  readonly hash: Buffer;
  readonly reserved: number;
  readonly settled: number;
  readonly batch: number;
  readonly batch_first: number;
  readonly acked: number;
  readonly totals: string | null;
}

interface Statements {
  readonly insert: Statement;
  readonly update: Statement;
  readonly seqOfPart: Statement<[number], number>;
  /** Rows that stand for part rows which never were, or are no more. */
  readonly standIns: Statement<[], Pick<LedgerRow, 'seq' | 'kind' | 'outcome' | 'payload'>>;
}

/** The ledger's file, written in the thread that calls. Errors are LinegateErrors 'ledger' or 'state-folder'. */
export class SqliteStore implements OutboxCalls {
  readonly #path: string;
  readonly #file: LedgerFile;
  readonly #statements: Statements;
  readonly #inode: number;
  #head: Head;
  /** May be ahead of the file by what no commit has taken along yet. */
  #ackedSeq: number;
  readonly #space: SpaceOptions;
  readonly #ballast: Ballast;
  /** Up to this row all passes are given up already. */
  #afterPass = 0;
  #commits = 0;

  /** Takes over an open file; `begin` or `resume` must follow. */
  constructor(path: string, space: SpaceOptions = {}, file: LedgerFile = openForWriting(path, randomUUID())) {
    this.#path = path;
    this.#file = file;
    this.#space = space;
    this.#ballast = new Ballast(`${path}.ballast`, space.ballastBytes ?? 0);
    try {
      this.#statements = prepare(this.#file);
      this.#inode = statSync(path).ino;
      this.#head = this.#readHead();
      this.#ackedSeq = this.#meta().acked;
      limitSize(file, space.maxMegabytes ?? null);
      this.#ballast.restore();
    } catch (error) {
      this.#file.close();
      throw ledgerError(path, error);
    }
  }

  /** Begins a session. */
  begin({ bootId, ...at }: SessionStart): LedgerOpening {
    const before = this.#previousSession();
    const opened = openSession(this.#head, before, bootId, at, SPARE_PARTS);
    const write = (): void =>
      this.#write(opened.head, opened.rows, { batch: 0, first: 0 }, () => {
        this.#file.db.prepare('INSERT INTO sessions VALUES (?, ?, 0)').run(opened.head.session, bootId);
      });
    try {
      write();
    } catch (error) {
      if (!isFull(error)) throw error;
      this.#beyondLimits(write);
    }
    const { firstPart, previous, head } = opened;
    return { epoch: this.state().epoch, firstPart, lastSeq: head.seq, previous };
  }

  /** Nothing can be given up before a session has begun, and a station must be able to start: its few rows may go beyond. */
  #beyondLimits(write: () => void): void {
    const dropped = this.#ballast.drop();
    limitSize(this.#file, null);
    write();
    limitSize(this.#file, dropped ? 0 : (this.#space.maxMegabytes ?? null));
  }

  /** Goes on with a session of this process; false when it was closed already. */
  resume(session: number): boolean {
    const before = this.#previousSession();
    if (before === null || this.#head.session !== session) throw this.#replaced();
    return !before.closed;
  }

  #replaced(): LinegateError {
    const what = `The ledger ${this.#path} was removed or replaced while the station was running`;
    return new LinegateError('ledger', `${what}; put it back, or restart the station to go on with what is there now.`);
  }

  /** Number of the session. */
  get session(): number {
    return this.#head.session;
  }

  /** Writes rows in one transaction and returns their seqs; a batch that was written already is not written again. */
  commit(batch: number, entries: readonly Entry[]): number[] {
    // SQLite would go on writing into a file that nobody can open any more.
    if (statSync(this.#path, { throwIfNoEntry: false })?.ino !== this.#inode) throw this.#replaced();
    const last = this.#meta();
    if (last.batch === batch) return this.#seqsOf(entries, last.batch_first);
    this.#commits += 1;
    if (this.#commits % BALLAST_COMMITS === 0) this.#restoreBallast();
    const at = entries.at(-1) ?? { monoMs: 0, wallMs: 0 };
    return this.#makingRoom(at, () => this.#commitNew(batch, entries));
  }

  /** Does `work`, while the disk or the ledger is full with ever more rows given up; none left: throws what it threw. */
  #makingRoom<T>(at: Moment, work: () => T): T {
    for (;;) {
      try {
        return work();
      } catch (error) {
        if (!isFull(error) || !this.#makeRoom(at)) throw error;
      }
    }
  }

  /** False when nothing is left to give up, or not even that can be done. */
  #makeRoom(at: Moment): boolean {
    if (this.#giveUp(at)) return true;
    if (!this.#ballast.drop()) return false;
    // Until the ballast is back, the file must not grow into the room that giving up rows takes.
    if (this.#giveUp(at)) limitSize(this.#file, 0);
    return true;
  }

  /** False when nothing is left to give up, or there is no room to do it. */
  #giveUp({ monoMs, wallMs }: Moment): boolean {
    try {
      const rows = this.fold(
        { keepNewest: this.#space.keepNewest ?? KEEP_NEWEST, mostRows: FOLD_ROWS },
        { monoMs, wallMs },
      );
      // So that the log begins anew, in the room that it has, instead of growing.
      if (rows > 0) this.#file.db.pragma('wal_checkpoint(PASSIVE)');
      return rows > 0;
    } catch (error) {
      if (isFull(error)) return false;
      throw error;
    }
  }

  #restoreBallast(): void {
    if (this.#ballast.restore()) limitSize(this.#file, this.#space.maxMegabytes ?? null);
  }

  #commitNew(batch: number, entries: readonly Entry[]): number[] {
    const first = this.#head.seq + 1;
    let head = this.#head;
    const rows: LedgerRow[] = [];
    for (const entry of entries) {
      const entered = enter(head, entry, SPARE_PARTS);
      if (entered === null) continue;
      head = entered.head;
      rows.push(entered.row);
    }
    this.#write(head, rows, { batch, first });
    return this.#seqsOf(entries, first);
  }

  state(): OutboxState {
    const { seq, hash } = this.#head;
    return { ...readBranch(this.#file.db, this.#meta().epoch), lastSeq: seq, head: hash, ackedSeq: this.#ackedSeq };
  }

  read(afterSeq: number, limit: PageLimit): OutboxPage {
    return this.#guarded(() => readPage(this.#file.db, this.#meta().epoch, afterSeq, limit));
  }

  acknowledge(seq: number): void {
    checkAcknowledged(seq, this.#head.seq);
    this.#ackedSeq = seq;
  }

  hashAt(seq: number): string | null {
    return this.#guarded(() => readHash(this.#file.db, this.#meta().epoch, seq));
  }

  branch(why: string, at: Moment): OutboxState {
    const parent = { epoch: this.state().epoch, seq: this.#ackedSeq };
    const epoch = randomUUID();
    this.#enterOwn(branchEntry(epoch, parent, why, at), () => {
      const insert = this.#file.db.prepare('INSERT INTO branches (epoch, parent, seq) VALUES (?, ?, ?)');
      insert.run(epoch, parent.epoch, parent.seq);
    });
    return this.state();
  }

  /** Gives up rows for space, but none of the last batch, which may be repeated. Returns how many they were. */
  fold({ keepNewest, mostRows }: FoldOptions, at: Moment): number {
    const { batch_first } = this.#meta();
    const newest = Math.min(this.#head.seq - keepNewest, batch_first === 0 ? this.#head.seq : batch_first - 1);
    const search = { afterPass: this.#afterPass, newest, ackedSeq: this.#ackedSeq, mostRows };
    const plan = this.#guarded(() => nextFold(this.#file.db, search, at));
    if (plan === null) return 0;
    this.#enterOwn(plan.entry, () => replaceRows(this.#file.db, plan.folds));
    this.#afterPass = Math.max(this.#afterPass, plan.folds.at(-1)?.to ?? 0);
    return plan.rows;
  }

  /** Writes a row of the ledger's own and whatever belongs to it, first that. */
  #enterOwn(entry: Entry, also: () => void): void {
    const entered = enter(this.#head, entry, SPARE_PARTS);
    const { batch, batch_first } = this.#meta();
    if (entered !== null) this.#write(entered.head, [entered.row], { batch, first: batch_first }, also);
  }

  #guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw ledgerError(this.#path, error);
    }
  }

  /** Ends the session cleanly and closes the file. */
  close(at: Moment): void {
    this.#makingRoom(at, () => this.#closeSession(at));
    this.release();
  }

  #closeSession(at: Moment): void {
    const closed = closeSession(this.#head, at);
    this.#write(closed.head, closed.rows, { batch: 0, first: 0 }, () => {
      this.#file.db.prepare('UPDATE sessions SET closed = 1 WHERE session = ?').run(closed.head.session);
    });
  }

  /** Closes the file and leaves the session open. */
  release(): void {
    this.#file.close();
  }

  #write(head: Head, rows: readonly LedgerRow[], last: { batch: number; first: number }, also?: () => void): void {
    const { insert, update } = this.#statements;
    const transaction = this.#file.db.transaction(() => {
      also?.();
      for (const row of rows) insert.run({ ...row, hash: Buffer.from(row.hash, 'hex') });
      const hash = Buffer.from(head.hash, 'hex');
      update.run({
        ...last,
        session: head.session,
        seq: head.seq,
        hash,
        reserved: head.reserved,
        settled: settled(head),
        acked: this.#ackedSeq,
        totals: JSON.stringify(head.totals),
      });
    });
    this.#guarded(() => transaction.immediate());
    this.#head = head;
  }

  /** `first`: seq of the first row that the batch added; the others have those of the rows that were there before. */
  #seqsOf(entries: readonly Entry[], first: number): number[] {
    let next = first;
    return entries.map(({ part }) => {
      const seq = part === null ? next : this.#seqOfPart(part);
      next = Math.max(next, seq + 1);
      return seq;
    });
  }

  #seqOfPart(part: number): number {
    const seq = this.#statements.seqOfPart.get(part);
    if (seq !== undefined) return seq;
    for (const row of this.#statements.standIns.iterate()) {
      if (includes(partsBehind(row), part)) return row.seq;
    }
    throw new LinegateError(
      'ledger',
      `The ledger ${this.#path} counts part ${part} as recorded and has no row for it.`,
    );
  }

  #meta(): Meta {
    return this.#file.db.prepare<[], Meta>('SELECT * FROM meta').get() ?? this.#unreadable('meta');
  }

  #unreadable(table: string): never {
    throw new LinegateError(
      'ledger',
      `The ledger ${this.#path} has lost its table ${table}; move it away to begin anew.`,
    );
  }

  #readHead(): Head {
    const { session, seq, hash, reserved, settled, totals } = this.#meta();
    let explained = settled > 0 ? withRange([], [1, settled]) : [];
    const parts = this.#file.db.prepare<[number], number>('SELECT part FROM rows WHERE part > ? ORDER BY part').pluck();
    for (const part of parts.iterate(settled)) explained = withRange(explained, [part, part]);
    for (const row of this.#statements.standIns.iterate()) {
      explained = withRanges(
        explained,
        partsBehind(row).filter((range: Range) => range[1] > settled),
      );
    }
    const known = totals === null ? this.#count() : (JSON.parse(totals) as Totals);
    return { session, seq, hash: hash.toString('hex'), explained, reserved, totals: known };
  }

  /** The totals of a ledger of schema 1. */
  #count(): Totals {
    const rows = this.#file.db.prepare<[], StoredRow>(
      `SELECT ${rowColumns} FROM rows WHERE kind IN ('part', 'gap') ORDER BY seq`,
    );
    let totals = noTotals;
    for (const row of rows.iterate()) totals = totalsAfter(totals, rowOf(row));
    return totals;
  }

  #previousSession(): PreviousSession | null {
    const { session, seq } = this.#head;
    if (session === 0) return null;
    const find = this.#file.db.prepare<[number], { boot_id: string | null; closed: number }>(
      'SELECT boot_id, closed FROM sessions WHERE session = ?',
    );
    const { boot_id, closed } = find.get(session) ?? this.#unreadable('sessions');
    const lastWallMs = this.#file.db.prepare<[number], number>('SELECT wall_ms FROM rows WHERE seq = ?').pluck();
    return { bootId: boot_id, closed: closed === 1, lastWallMs: lastWallMs.get(seq) ?? 0 };
  }
}

/** All numbers up to this one are explained. */
function settled({ explained }: Head): number {
  const [first] = explained;
  return first?.[0] === 1 ? first[1] : 0;
}

function prepare({ db }: LedgerFile): Statements {
  return {
    insert: db.prepare(
      `INSERT INTO rows VALUES (:seq, :session, :kind, :monoMs, :wallMs, :part, :outcome, :score, :recipe, :payload, :hash)`,
    ),
    update: db.prepare(
      `UPDATE meta SET session = :session, seq = :seq, hash = :hash, reserved = :reserved, settled = :settled,
       batch = :batch, batch_first = :first, acked = :acked, totals = :totals`,
    ),
    seqOfPart: db.prepare<[number], number>('SELECT seq FROM rows WHERE part = ?').pluck(),
    standIns: db.prepare<[], Pick<LedgerRow, 'seq' | 'kind' | 'outcome' | 'payload'>>(
      `SELECT seq, kind, outcome, payload FROM rows WHERE kind = 'gap'
       UNION ALL SELECT seq, kind, outcome, payload FROM rows WHERE outcome = 'rows-folded' AND kind = 'event'
       ORDER BY seq DESC`,
    ),
  };
}
