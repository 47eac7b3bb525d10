import { classIn, type Entry } from './row.ts';

/** How many, by name. */
export type Counts = Readonly<Record<string, number>>;

/** Cumulative counts of a ledger file: they survive that rows are folded. */
export interface Totals {
  /** Part rows by outcome. */
  readonly outcomes: Counts;
  /** Part rows by label, those without a verdict by its reason. */
  readonly classes: Counts;
  /** What gap rows counted of the rows that they stand for, by outcome, or by kind and outcome. */
  readonly gaps: Counts;
}

export const noTotals: Totals = { outcomes: {}, classes: {}, gaps: {} };

/** The totals once a row is in. */
export function totalsAfter(totals: Totals, entry: Entry): Totals {
  if (entry.kind === 'part') {
    const { outcomes, classes, gaps } = totals;
    return { outcomes: withOne(outcomes, entry.outcome), classes: withOne(classes, classOf(entry)), gaps };
  }
  if (entry.kind !== 'gap') return totals;
  const { counts } = JSON.parse(entry.payload) as { counts?: unknown };
  return isCounts(counts) ? { ...totals, gaps: withCounts(totals.gaps, counts) } : totals;
}

/** The class of a part row. */
export function classOf({ partClass, payload }: Pick<Entry, 'partClass' | 'payload'>): string {
  return partClass ?? classIn(JSON.parse(payload) as Record<string, unknown>);
}

/** One more of a name. */
function withOne(counts: Counts, name: string): Counts {
  return { ...counts, [name]: of(counts, name) + 1 };
}

/** The sum of two counts, name by name. */
export function withCounts(counts: Counts, more: Counts): Counts {
  let sum = counts;
  for (const [name, count] of Object.entries(more)) sum = { ...sum, [name]: of(sum, name) + count };
  return sum;
}

function of(counts: Counts, name: string): number {
  return Object.hasOwn(counts, name) ? Number(counts[name]) : 0;
}

/** Whether something read is counts. */
export function isCounts(value: unknown): value is Counts {
  return typeof value === 'object' && value !== null && Object.values(value).every(Number.isSafeInteger);
}
