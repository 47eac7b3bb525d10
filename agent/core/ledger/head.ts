import { LinegateError } from '../errors.ts';
import type { PartId } from '../part-record.ts';
import { chainHash, genesis } from './chain.ts';
import { highestOf, includes, missingUpTo, type Ranges, without, withRange, withRanges } from './ranges.ts';
import { canonicalJson, type Entry, gapRanges, type LedgerRow, type Moment, ownEntry } from './row.ts';
import { noTotals, type Totals, totalsAfter } from './totals.ts';

/** How the session before ended; `first` when there was none. */
export type HowEnded = 'first' | 'clean' | 'process-died' | 'power-cut';

/** Where the ledger stands: all that the next row depends on. */
export interface Head {
  /** Highest session number so far; 0 before the first opening. */
  readonly session: number;
  readonly seq: number;
  readonly hash: string;
  /** Part numbers that have a row or are named by a gap. */
  readonly explained: Ranges;
  /** No part number above this one was in use when the last row was written. */
  readonly reserved: PartId;
  /** Exact counts of all rows so far, whether they are still there or not. */
  readonly totals: Totals;
}

/** Where a ledger without rows stands. `epoch`: the first one of the file. */
export function emptyHead(epoch: string): Head {
  return { session: 0, seq: 0, hash: genesis(epoch), explained: [], reserved: 0, totals: noTotals };
}

/** The session before the one that opens now. */
export interface PreviousSession {
  /** Null where the kernel does not tell. */
  readonly bootId: string | null;
  readonly closed: boolean;
  /** Wall time of the last row. */
  readonly lastWallMs: number;
}

/** A head after a row was added to it. */
export interface Entered {
  readonly head: Head;
  readonly row: LedgerRow;
}

/**
 * Adds a row. Null when its part is explained already: the first explanation of a number, be it a row or a gap, stays
 * the only one. A gap loses the numbers that are explained already; a summary gets the totals. `spare`: part numbers to reserve ahead.
 */
export function enter(head: Head, entry: Entry, spare: number): Entered | null {
  if (entry.kind === 'part') return enterPart(head, entry, spare);
  if (entry.kind === 'gap') return enterGap(head, entry, spare);
  if (entry.kind === 'summary') return chained(head, withTotals(entry, head.totals), head.explained, spare);
  return chained(head, entry, head.explained, spare);
}

function withTotals(entry: Entry, totals: Totals): Entry {
  return { ...entry, payload: canonicalJson({ ...JSON.parse(entry.payload), totals }) };
}

function enterPart(head: Head, entry: Entry, spare: number): Entered | null {
  const { part } = entry;
  if (part === null) throw new LinegateError('illegal-input', 'A part row needs the number of its part.');
  if (includes(head.explained, part)) return null;
  return chained(head, entry, withRange(head.explained, [part, part]), spare);
}

function enterGap(head: Head, entry: Entry, spare: number): Entered {
  const ranges = without(gapRanges(entry.payload), head.explained);
  const payload = canonicalJson({ ...JSON.parse(entry.payload), ranges });
  return chained(head, { ...entry, payload }, withRanges(head.explained, ranges), spare);
}

function chained(head: Head, entry: Entry, explained: Ranges, spare: number): Entered {
  const seq = head.seq + 1;
  const { kind, monoMs, wallMs, part, outcome, score, recipe, payload } = entry;
  const unhashed = { seq, session: head.session, kind, monoMs, wallMs, part, outcome, score, recipe, payload };
  const hash = chainHash(head.hash, unhashed);
  const reserved = Math.max(head.reserved, highestOf(explained) + spare);
  const totals = totalsAfter(head.totals, entry);
  return { head: { session: head.session, seq, hash, explained, reserved, totals }, row: { ...unhashed, hash } };
}

/** What opening or closing the ledger adds to it. */
export interface Turn {
  readonly head: Head;
  readonly rows: readonly LedgerRow[];
}

/** What opening the ledger adds to it and finds. */
export interface Opened extends Turn {
  readonly previous: HowEnded;
  /** The first part number that nobody can have used. */
  readonly firstPart: PartId;
}

/**
 * Begins a session. After a power cut every number up to the reserve that has no row is explained by a gap. When only the
 * process died the line's journal still knows the parts that were open, so their rows may come: nothing is explained yet.
 * A boot that the kernel does not name counts as another one.
 */
export function openSession(
  head: Head,
  before: PreviousSession | null,
  bootId: string | null,
  at: Moment,
  spare: number,
): Opened {
  const previous = howEnded(before, bootId);
  const since = before === null ? {} : { sinceWallMs: before.lastWallMs };
  const name = previous === 'process-died' || previous === 'power-cut' ? 'restarted' : 'started';
  const firstPart = (previous === 'power-cut' ? head.reserved : highestOf(head.explained)) + 1;
  const entries = [ownEntry('session', name, at, { previous, bootId, firstPart, ...since })];
  if (previous === 'power-cut') entries.push(...gapEntries(head, head.reserved, 'power-cut', at, since));
  return { ...enterAll({ ...head, session: head.session + 1 }, entries, spare), previous, firstPart };
}

/** Ends a session: whatever number below the highest has no row by now will not get one. */
export function closeSession(head: Head, at: Moment): Turn {
  const lastPart = highestOf(head.explained);
  const entries = [
    ...gapEntries(head, lastPart, 'not-recorded', at, {}),
    ownEntry('session', 'stopped', at, { lastPart }),
  ];
  return enterAll(head, entries, 0);
}

/** How a session ended, seen from one that opens under `bootId`. */
export function howEnded(before: Pick<PreviousSession, 'bootId' | 'closed'> | null, bootId: string | null): HowEnded {
  if (before === null) return 'first';
  if (before.closed) return 'clean';
  return bootId !== null && before.bootId === bootId ? 'process-died' : 'power-cut';
}

function gapEntries(head: Head, upTo: PartId, reason: string, at: Moment, more: Record<string, unknown>): Entry[] {
  const ranges = missingUpTo(head.explained, upTo);
  return ranges.length === 0 ? [] : [ownEntry('gap', reason, at, { ranges, ...more })];
}

function enterAll(start: Head, entries: readonly Entry[], spare: number): Turn {
  let head = start;
  const rows: LedgerRow[] = [];
  for (const entry of entries) {
    const entered = enter(head, entry, spare);
    if (entered === null) continue;
    head = entered.head;
    rows.push(entered.row);
  }
  return { head, rows };
}
