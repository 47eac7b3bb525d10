import { chainHash, genesis } from './chain.ts';
import { type Head, howEnded } from './head.ts';
import {
  countOf,
  highestOf,
  includes,
  missingUpTo,
  type Ranges,
  spoken,
  without,
  withRange,
  withRanges,
} from './ranges.ts';
import { gapRanges, type LedgerRow } from './row.ts';

/** What the ledger remembers of its end, apart from the rows: a tail that was cut off shows here. */
export interface Remembered extends Pick<Head, 'seq' | 'hash' | 'session'> {
  /** Whether the last session ended cleanly. */
  readonly closed: boolean;
}

/** What an audit found. */
export interface AuditReport {
  readonly ok: boolean;
  readonly rows: number;
  /** Part rows. */
  readonly parts: number;
  /** Part numbers that gap rows stand for. */
  readonly gaps: number;
  /** Numbers without a row that a running, or the next, session still has to explain. */
  readonly open: number;
  /** What is wrong, in plain sentences. */
  readonly findings: readonly string[];
}

interface Session {
  readonly number: number;
  readonly bootId: string | null;
  readonly closed: boolean;
}

/** More findings are only counted: one torn page can spoil thousands of rows. */
const MOST_FINDINGS = 50;

/** Reads a ledger row by row, in order, and says whether every part is accounted for and nothing was changed. */
export class Audit {
  readonly #findings: string[] = [];
  #unsaid = 0;
  #rows = 0;
  #parts = 0;
  #gaps = 0;
  #seq = 0;
  #hash: string;
  #explained: Ranges = [];
  /** Every number up to this one must be explained: its session, or that boot, has ended. */
  #settled = 0;
  #session: Session | null = null;

  constructor(epoch: string) {
    this.#hash = genesis(epoch);
  }

  /** The next row. */
  take(row: LedgerRow): void {
    this.#checkPlace(row);
    this.#rows += 1;
    this.#seq = row.seq;
    this.#hash = row.hash;
    if (row.kind === 'session') this.#takeSession(row);
    else this.#checkSession(row);
    if (row.kind === 'part') this.#takePart(row);
    if (row.kind === 'gap') this.#takeGap(row);
  }

  /** A fault that was met outside the rows. */
  find(sentence: string): void {
    if (this.#findings.length < MOST_FINDINGS) this.#findings.push(sentence);
    else this.#unsaid += 1;
  }

  /** The report, once all rows are in. */
  finish(remembered: Remembered): AuditReport {
    this.#checkEnd(remembered);
    const lost = missingUpTo(this.#explained, this.#settled);
    if (lost.length > 0) {
      this.find(
        `Neither a row nor a gap tells what became of ${countOf(lost) === 1 ? 'part' : 'parts'} ${spoken(lost)}.`,
      );
    }
    const open = countOf(without(missingUpTo(this.#explained, highestOf(this.#explained)), lost));
    const more = this.#unsaid > 0 ? [`There are ${this.#unsaid} findings more.`] : [];
    const findings = [...this.#findings, ...more];
    return { ok: findings.length === 0, rows: this.#rows, parts: this.#parts, gaps: this.#gaps, open, findings };
  }

  #checkPlace(row: LedgerRow): void {
    const expected = this.#seq + 1;
    if (row.seq !== expected) {
      this.find(`${rows(expected, row.seq - 1)} missing.`);
    } else if (chainHash(this.#hash, row) !== row.hash) {
      this.find(`Row ${row.seq} was changed after it was written, or the row before it.`);
    }
  }

  #takeSession(row: LedgerRow): void {
    if (row.outcome === 'stopped') {
      this.#checkSession(row);
      this.#settled = highestOf(this.#explained);
      this.#session = { number: row.session, bootId: this.#session?.bootId ?? null, closed: true };
      return;
    }
    const { bootId, previous, firstPart } = sessionFacts(row.payload);
    const fits = previous === howEnded(this.#session, bootId) && row.session === (this.#session?.number ?? 0) + 1;
    if (!fits)
      this.find(`Row ${row.seq} says that session ${row.session} follows a ${previous} end, and the rows do not.`);
    // While only the process died, parts that were open then may still get their rows.
    if (previous !== 'process-died') this.#settled = Math.max(this.#settled, firstPart - 1);
    this.#session = { number: row.session, bootId, closed: false };
  }

  #checkSession(row: LedgerRow): void {
    if (this.#session === null || this.#session.closed || this.#session.number !== row.session) {
      this.find(`Row ${row.seq} belongs to session ${row.session}, which was not open then.`);
    }
  }

  #takePart({ seq, part }: LedgerRow): void {
    this.#parts += 1;
    if (part === null || !Number.isSafeInteger(part) || part < 1) {
      this.find(`Row ${seq} is a part's and has no part number.`);
      return;
    }
    if (includes(this.#explained, part)) this.find(`Part ${part} is recorded again in row ${seq}.`);
    this.#explained = withRange(this.#explained, [part, part]);
  }

  #takeGap({ seq, payload }: LedgerRow): void {
    let ranges: Ranges;
    try {
      ranges = gapRanges(payload);
    } catch {
      this.find(`Row ${seq} is a gap and names no usable part numbers.`);
      return;
    }
    const fresh = without(ranges, this.#explained);
    this.#gaps += countOf(ranges);
    if (countOf(fresh) !== countOf(ranges)) {
      this.find(`Row ${seq} is a gap over parts that are recorded already: ${spoken(without(ranges, fresh))}.`);
    }
    this.#explained = withRanges(this.#explained, ranges);
  }

  #checkEnd({ seq, hash, session, closed }: Remembered): void {
    if (seq > this.#seq) {
      this.find(`${rows(this.#seq + 1, seq)} missing at the end.`);
    } else if (seq < this.#seq || hash !== this.#hash) {
      this.find(`The last row is ${this.#seq}, and it is not the row ${seq} that the ledger remembers as its last.`);
    } else if (session !== (this.#session?.number ?? 0) || closed !== (this.#session?.closed ?? false)) {
      this.find(`The ledger remembers another end of session ${session} than its rows tell.`);
    }
  }
}

function rows(from: number, to: number): string {
  return from >= to ? `Row ${from} is` : `Rows ${from} to ${to} are`;
}

function sessionFacts(payload: string): { bootId: string | null; previous: string; firstPart: number } {
  const { bootId, previous, firstPart } = parsed(payload);
  return {
    bootId: typeof bootId === 'string' ? bootId : null,
    previous: String(previous),
    firstPart: typeof firstPart === 'number' ? firstPart : 1,
  };
}

function parsed(payload: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(payload);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
