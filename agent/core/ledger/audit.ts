import { chainHash, genesis } from './chain.ts';
import { type Fold, type FoldNote, isFoldNote, readNote, sumOf } from './fold.ts';
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
import { canonicalJson, gapRanges, type LedgerRow } from './row.ts';
import { noTotals, type Totals, totalsAfter, withCounts } from './totals.ts';

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
  /** Parts whose rows were given up for space; their counts are kept. */
  readonly folded: number;
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
  #folded = 0;
  #gaps = 0;
  #totals: Totals = noTotals;
  /** Folds that no row has named yet, by their first seq. */
  readonly #unnamed = new Map<number, Fold>();
  #seq = 0;
  #hash: string;
  #explained: Ranges = [];
  /** Every number up to this one must be explained: its session, or that boot, has ended. */
  #settled = 0;
  #session: Session | null = null;

  /** `epoch`: the first one of the file. */
  constructor(epoch: string) {
    this.#hash = genesis(epoch);
  }

  /** The next row, or the rows that were given up in its place. */
  take(item: LedgerRow | Fold): void {
    this.#checkPlace(item);
    this.#hash = item.hash;
    if (item.kind === 'folded') this.#takeFold(item);
    else this.#takeRow(item);
  }

  #takeRow(row: LedgerRow): void {
    this.#rows += 1;
    this.#seq = row.seq;
    if (row.kind === 'session') this.#takeSession(row);
    else this.#checkSession(row);
    if (row.kind === 'part') this.#takePart(row);
    if (row.kind === 'gap') this.#takeGap(row);
    if (row.kind === 'summary') this.#checkTotals(row);
    if (isFoldNote(row)) this.#takeNote(row);
    this.#count(row);
  }

  #count(row: LedgerRow): void {
    try {
      this.#totals = totalsAfter(this.#totals, row);
    } catch {
      this.find(`Row ${row.seq} cannot be read, so that its part is in no count.`);
    }
  }

  #takeFold(fold: Fold): void {
    this.#seq = Math.max(fold.to, this.#seq);
    this.#unnamed.set(fold.seq, fold);
    const { outcomes, classes, gaps } = this.#totals;
    const parts = Object.entries(fold.counts).filter(([name]) => !name.includes(' '));
    this.#totals = {
      outcomes: withCounts(outcomes, Object.fromEntries(parts)),
      classes: withCounts(classes, fold.classes),
      gaps,
    };
  }

  #checkTotals({ seq, payload }: LedgerRow): void {
    // Summaries of ledgers before schema 2 have none.
    const { totals } = parsed(payload);
    if (totals === undefined || canonicalJson(totals) === canonicalJson(this.#totals)) return;
    this.find(`Row ${seq} is a summary, and its totals are not those of the rows before it.`);
  }

  #takeNote({ seq, payload }: LedgerRow): void {
    const note = readNote(payload);
    if (note === null) {
      this.find(`Row ${seq} names rows that were given up, and cannot be read.`);
      return;
    }
    const folds = this.#foldsOf(note);
    const { counts, classes } = note;
    if (folds.length < note.ranges.length || canonicalJson(sumOf(folds)) !== canonicalJson({ counts, classes })) {
      this.find(`Row ${seq} names rows that were given up, and the ledger gave up others.`);
    }
    this.#folded += countOf(note.parts);
    if (countOf(without(note.parts, this.#explained)) !== countOf(note.parts)) {
      this.find(`Row ${seq} gave up rows of parts that are recorded elsewhere, too.`);
    }
    this.#explained = withRanges(this.#explained, note.parts);
  }

  #foldsOf({ ranges }: FoldNote): Fold[] {
    return ranges.flatMap(([from, to, hash]) => {
      const fold = this.#unnamed.get(from);
      if (fold === undefined || fold.to !== to || fold.hash !== hash) return [];
      this.#unnamed.delete(from);
      return [fold];
    });
  }

  /** A fault that was met outside the rows. */
  find(sentence: string): void {
    if (this.#findings.length < MOST_FINDINGS) this.#findings.push(sentence);
    else this.#unsaid += 1;
  }

  /** The report on all rows so far; more may come after it. */
  finish(remembered: Remembered): AuditReport {
    const lost = missingUpTo(this.#explained, this.#settled);
    const open = countOf(without(missingUpTo(this.#explained, highestOf(this.#explained)), lost));
    const more = this.#unsaid > 0 ? [`There are ${this.#unsaid} findings more.`] : [];
    const unnamed = [...this.#unnamed.values()].map(({ seq, to }) => `${rows(seq, to)} missing, and no row says why.`);
    const last = [...this.#endFindings(remembered), ...unnamed.slice(0, MOST_FINDINGS), ...lostFindings(lost)];
    const findings = [...this.#findings, ...last, ...more];
    const counted = { rows: this.#rows, parts: this.#parts, folded: this.#folded, gaps: this.#gaps, open };
    return { ok: findings.length === 0, ...counted, findings };
  }

  #checkPlace(row: LedgerRow | Fold): void {
    const expected = this.#seq + 1;
    if (row.seq !== expected) {
      this.find(`${rows(expected, row.seq - 1)} missing.`);
    } else if (row.kind !== 'folded' && chainHash(this.#hash, row) !== row.hash) {
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

  #endFindings({ seq, hash, session, closed }: Remembered): string[] {
    if (seq > this.#seq) return [`${rows(this.#seq + 1, seq)} missing at the end.`];
    if (seq < this.#seq || hash !== this.#hash) {
      return [`The last row is ${this.#seq}, and it is not the row ${seq} that the ledger remembers as its last.`];
    }
    const ends = session === (this.#session?.number ?? 0) && closed === (this.#session?.closed ?? false);
    return ends ? [] : [`The ledger remembers another end of session ${session} than its rows tell.`];
  }
}

function lostFindings(lost: Ranges): string[] {
  if (lost.length === 0) return [];
  const parts = countOf(lost) === 1 ? 'part' : 'parts';
  return [`Neither a row nor a gap tells what became of ${parts} ${spoken(lost)}.`];
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
