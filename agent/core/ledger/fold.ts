import { type Range, type Ranges, withRange } from './ranges.ts';
import { canonicalJson, type Entry, gapRanges, type LedgerRow, type Moment, ownEntry } from './row.ts';
import { type Counts, classOf, isCounts, withCounts } from './totals.ts';

/** Outcome of the event that names rows which were given up for space. Such rows themselves are never given up. */
const rowsFolded = 'rows-folded';

/** More ranges would not fit a batch to the receiver. */
const MOST_RANGES = 200;

/** Consecutive rows that were given up for space, as the store remembers them in their place. */
export interface Fold {
  readonly kind: 'folded';
  /** The first of them. */
  readonly seq: number;
  /** The last of them. */
  readonly to: number;
  /** Hash of the last. */
  readonly hash: string;
  /** By outcome for part rows, by `kind outcome` for the others. */
  readonly counts: Counts;
  /** Part rows by class. */
  readonly classes: Counts;
}

/** What a `rows-folded` row names. */
export interface FoldNote {
  readonly ranges: readonly (readonly [from: number, to: number, hash: string])[];
  /** Numbers of the parts whose rows they were. */
  readonly parts: Ranges;
  readonly counts: Counts;
  readonly classes: Counts;
}

/** Rows to give up: their places, the row that names them, and how many they are. */
export interface FoldPlan {
  readonly folds: readonly Fold[];
  readonly entry: Entry;
  readonly rows: number;
}

/**
 * Plans to give up `rows`, in the order of seq, or as many of them as one row can name. No fold reaches over
 * `ackedSeq`, so that what the receiver has and what it has not stay apart. Null when there is nothing to give up.
 */
export function planFold(rows: Iterable<LedgerRow>, ackedSeq: number, at: Moment): FoldPlan | null {
  const folds: Fold[] = [];
  let parts: Ranges = [];
  let count = 0;
  for (const row of rows) {
    const last = folds.at(-1);
    const joins = last !== undefined && last.to === row.seq - 1 && last.to !== ackedSeq;
    if (!joins && folds.length === MOST_RANGES) break;
    if (joins) folds.pop();
    folds.push(withRow(joins ? last : null, row));
    if (row.part !== null) parts = withRange(parts, [row.part, row.part]);
    count += 1;
  }
  return count === 0 ? null : { folds, entry: noteOf(folds, parts, at), rows: count };
}

function withRow(fold: Fold | null, row: LedgerRow): Fold {
  const { kind, outcome, seq, hash } = row;
  const name = kind === 'part' ? outcome : `${kind} ${outcome}`;
  const classes = kind === 'part' ? { [classOf(row)]: 1 } : {};
  return {
    kind: 'folded',
    seq: fold?.seq ?? seq,
    to: seq,
    hash,
    counts: withCounts(fold?.counts ?? {}, { [name]: 1 }),
    classes: withCounts(fold?.classes ?? {}, classes),
  };
}

function noteOf(folds: readonly Fold[], parts: Ranges, at: Moment): Entry {
  const ranges = folds.map(({ seq, to, hash }) => [seq, to, hash]);
  return ownEntry('event', rowsFolded, at, { ranges, parts, ...sumOf(folds) });
}

/** What several folds counted. */
export function sumOf(folds: readonly Fold[]): { readonly counts: Counts; readonly classes: Counts } {
  return {
    counts: folds.reduce((sum, { counts }) => withCounts(sum, counts), {}),
    classes: folds.reduce((sum, { classes }) => withCounts(sum, classes), {}),
  };
}

/** Whether a row names rows that were given up. */
export function isFoldNote({ kind, outcome }: Pick<Entry, 'kind' | 'outcome'>): boolean {
  return kind === 'event' && outcome === rowsFolded;
}

/** What a `rows-folded` row names; null when its payload is not to be understood. */
export function readNote(payload: string): FoldNote | null {
  try {
    const { ranges, parts, counts, classes } = JSON.parse(payload) as Record<string, unknown>;
    if (!Array.isArray(ranges) || !ranges.every(isPlace) || !isCounts(counts) || !isCounts(classes)) return null;
    return { ranges, parts: gapRanges(canonicalJson({ ranges: parts })), counts, classes };
  } catch {
    return null;
  }
}

function isPlace(value: unknown): value is [number, number, string] {
  if (!Array.isArray(value) || value.length !== 3) return false;
  return Number.isSafeInteger(value[0]) && Number.isSafeInteger(value[1]) && typeof value[2] === 'string';
}

/** Part numbers that a `gap` or `rows-folded` row stands for. */
export function partsBehind(row: Pick<Entry, 'kind' | 'outcome' | 'payload'>): readonly Range[] {
  if (row.kind === 'gap') return gapRanges(row.payload);
  return isFoldNote(row) ? (readNote(row.payload)?.parts ?? []) : [];
}
