import type { Database } from 'better-sqlite3';
import { ledgerError, openForReading } from '../adapters/ledger/sqlite-file.ts';
import { genesis } from '../core/ledger/chain.ts';
import { isFoldNote, partsBehind, readNote } from '../core/ledger/fold.ts';
import { highestOf, includes } from '../core/ledger/ranges.ts';
import type { LedgerRow } from '../core/ledger/row.ts';

const columns = `seq, session, kind, mono_ms AS monoMs, wall_ms AS wallMs, part, outcome, score, recipe, payload,
  lower(hex(hash)) AS hash`;

/** More rows than a station writes in the seconds around a part, so that a look around it stays short. */
const nearRows = 20_000;
/** How far back a look for what was changed goes. */
const pastRows = 200_000;

/** A ledger to look things up in, also beside a running station: all that it says is of one moment. */
export class Records {
  readonly #path: string;
  readonly #db: Database;

  /** Throws LinegateError 'ledger' when the file cannot be read. */
  static open(path: string): Records {
    return new Records(path, openForReading(path));
  }

  private constructor(path: string, db: Database) {
    this.#path = path;
    this.#db = db;
    this.#db.exec('BEGIN');
  }

  close(): void {
    this.#db.close();
  }

  partRow(part: number): LedgerRow | undefined {
    return this.#rows('WHERE part = ?', part)[0];
  }

  /** The gap row, or the row about rows that were given up for space, that stands for a part without a row of its own. */
  rowInstead(part: number): LedgerRow | undefined {
    return this.#standIns().find((row) => includes(partsBehind(row), part));
  }

  /** The highest part number that has a row or is named by another; 0 for a ledger without parts. */
  lastPart(): number {
    const last = this.#rows('WHERE part IS NOT NULL ORDER BY part DESC LIMIT 1')[0]?.part ?? 0;
    return this.#standIns().reduce((highest, row) => Math.max(highest, highestOf(partsBehind(row))), last);
  }

  /** The parts with a row before and after this one. */
  neighbours(part: number): readonly LedgerRow[] {
    return [
      ...this.#rows('WHERE part < ? ORDER BY part DESC LIMIT 1', part),
      ...this.#rows('WHERE part > ? ORDER BY part LIMIT 1', part),
    ];
  }

  /** The hash that the row's own hangs on; undefined when neither the row before nor a word about it is in the file. */
  hashBefore({ seq }: LedgerRow): string | undefined {
    if (seq > 1) return this.rowAt(seq - 1)?.hash ?? this.#foldedHash(seq - 1);
    return genesis(String(this.#guard(() => this.#db.prepare('SELECT epoch FROM meta').pluck().get())));
  }

  /** The highest seq in the file. */
  lastSeq(): number {
    return this.#rows('ORDER BY seq DESC LIMIT 1')[0]?.seq ?? 0;
  }

  /** The boot of the computer under which a session ran; null where the kernel did not tell. */
  bootId(session: number): string | null {
    const find = this.#db.prepare<[number], string | null>('SELECT boot_id FROM sessions WHERE session = ?').pluck();
    return this.#guard(() => find.get(session)) ?? null;
  }

  rowAt(seq: number): LedgerRow | undefined {
    return this.#rows('WHERE seq = ?', seq)[0];
  }

  /** The first row of a session; sessions follow each other, so that it is found by halving. */
  sessionStart(session: number): LedgerRow | undefined {
    let [low, high] = [1, this.lastSeq()];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const row = this.#rows('WHERE seq >= ? ORDER BY seq LIMIT 1', middle)[0];
      if ((row?.session ?? session) < session) low = middle + 1;
      else high = middle;
    }
    return this.#rows('WHERE seq >= ? AND session = ? ORDER BY seq LIMIT 1', low, session)[0];
  }

  /** The newest `count` rows before `seq` that tell what happened to the station or what somebody changed; oldest first. */
  changesBefore(seq: number, count: number): readonly LedgerRow[] {
    const where = `WHERE seq < ? AND seq > ? AND kind IN ('audit', 'session', 'event') ORDER BY seq DESC LIMIT ?`;
    return [...this.#rows(where, seq, seq - pastRows, count)].reverse();
  }

  /** What happened to the station within `ms` of the row's moment, in the row's session. */
  eventsAround({ seq, session, monoMs }: LedgerRow, ms: number): readonly LedgerRow[] {
    const where = `WHERE seq BETWEEN ? AND ? AND session = ? AND kind IN ('event', 'audit', 'gap')
      AND mono_ms BETWEEN ? AND ? ORDER BY mono_ms, seq LIMIT 100`;
    return this.#rows(where, seq - nearRows, seq + nearRows, session, monoMs - ms, monoMs + ms);
  }

  #standIns(): LedgerRow[] {
    return [...this.#rows("WHERE kind = 'gap'"), ...this.#rows("WHERE outcome = 'rows-folded'")];
  }

  #foldedHash(last: number): string | undefined {
    for (const row of this.#standIns().filter(isFoldNote)) {
      const range = readNote(row.payload)?.ranges.find(([, to]) => to === last);
      if (range !== undefined) return range[2];
    }
    return undefined;
  }

  #rows(where: string, ...values: number[]): LedgerRow[] {
    return this.#guard(() =>
      this.#db.prepare<number[], LedgerRow>(`SELECT ${columns} FROM rows ${where}`).all(...values),
    );
  }

  #guard<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      throw ledgerError(this.#path, error);
    }
  }
}
