import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import type { Statement } from 'better-sqlite3';
import { LinegateError } from '../../core/errors.ts';
import { closeSession, enter, type Head, openSession, type PreviousSession } from '../../core/ledger/head.ts';
import { includes, type Range, withRange, withRanges } from '../../core/ledger/ranges.ts';
import { type Entry, gapRanges, type LedgerRow, type Moment } from '../../core/ledger/row.ts';
import type { LedgerOpening } from '../../ports/ledger.ts';
import { type LedgerFile, ledgerError, openForWriting } from './sqlite-file.ts';
import type { SessionStart } from './store.ts';

/**
 * Part numbers that stay reserved ahead of the highest recorded one: more than can be on the belt, in the classifier and
 * waiting for a flush together, since these are what a power cut takes.
 */
const SPARE_PARTS = 256;

interface Meta {
  readonly epoch: string;
  readonly session: number;
  readonly seq: number;
  readonly hash: Buffer;
  readonly reserved: number;
  readonly settled: number;
  readonly batch: number;
  readonly batch_first: number;
}

interface Statements {
  readonly insert: Statement;
  readonly update: Statement;
  readonly seqOfPart: Statement<[number], number>;
  readonly gaps: Statement<[], { seq: number; payload: string }>;
}

/** The ledger's file, written in the thread that calls. Errors are LinegateErrors 'ledger' or 'state-folder'. */
export class SqliteStore {
  readonly #path: string;
  readonly #file: LedgerFile;
  readonly #statements: Statements;
  readonly #inode: number;
  #head: Head;

  /** Takes over an open file; `begin` or `resume` must follow. */
  constructor(path: string, file: LedgerFile = openForWriting(path, randomUUID())) {
    this.#path = path;
    this.#file = file;
    try {
      this.#statements = prepare(this.#file);
      this.#inode = statSync(path).ino;
      this.#head = this.#readHead();
    } catch (error) {
      this.#file.close();
      throw ledgerError(path, error);
    }
  }

  /** Begins a session. */
  begin({ bootId, ...at }: SessionStart): LedgerOpening {
    const before = this.#previousSession();
    const opened = openSession(this.#head, before, bootId, at, SPARE_PARTS);
    this.#write(opened.head, opened.rows, { batch: 0, first: 0 }, () => {
      this.#file.db.prepare('INSERT INTO sessions VALUES (?, ?, 0)').run(opened.head.session, bootId);
    });
    const { firstPart, previous, head } = opened;
    return { epoch: this.#meta().epoch, firstPart, lastSeq: head.seq, previous };
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

  /** Ends the session cleanly and closes the file. */
  close(at: Moment): void {
    const closed = closeSession(this.#head, at);
    this.#write(closed.head, closed.rows, { batch: 0, first: 0 }, () => {
      this.#file.db.prepare('UPDATE sessions SET closed = 1 WHERE session = ?').run(closed.head.session);
    });
    this.release();
  }

  /** Closes the file and leaves the session open. */
  release(): void {
    this.#file.close();
  }

  #write(head: Head, rows: readonly LedgerRow[], last: { batch: number; first: number }, also?: () => void): void {
    const { insert, update } = this.#statements;
    const transaction = this.#file.db.transaction(() => {
      for (const row of rows) insert.run({ ...row, hash: Buffer.from(row.hash, 'hex') });
      const hash = Buffer.from(head.hash, 'hex');
      update.run({
        ...last,
        session: head.session,
        seq: head.seq,
        hash,
        reserved: head.reserved,
        settled: settled(head),
      });
      also?.();
    });
    try {
      transaction.immediate();
    } catch (error) {
      throw ledgerError(this.#path, error);
    }
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
    for (const gap of this.#statements.gaps.iterate()) {
      if (includes(gapRanges(gap.payload), part)) return gap.seq;
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
    const { session, seq, hash, reserved, settled } = this.#meta();
    let explained = settled > 0 ? withRange([], [1, settled]) : [];
    const parts = this.#file.db.prepare<[number], number>('SELECT part FROM rows WHERE part > ? ORDER BY part').pluck();
    for (const part of parts.iterate(settled)) explained = withRange(explained, [part, part]);
    for (const { payload } of this.#statements.gaps.iterate()) {
      explained = withRanges(
        explained,
        gapRanges(payload).filter((range: Range) => range[1] > settled),
      );
    }
    return { session, seq, hash: hash.toString('hex'), explained, reserved };
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
       batch = :batch, batch_first = :first`,
    ),
    seqOfPart: db.prepare<[number], number>('SELECT seq FROM rows WHERE part = ?').pluck(),
    gaps: db.prepare<[], { seq: number; payload: string }>(
      `SELECT seq, payload FROM rows WHERE kind = 'gap' ORDER BY seq DESC`,
    ),
  };
}
