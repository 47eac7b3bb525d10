import type { Entry } from './row.ts';

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
    const { outcome } = entry;
    const outcomes = withCounts(totals.outcomes, { [outcome]: 1 });
    return { ...totals, outcomes, classes: withCounts(totals.classes, { [classOf(entry)]: 1 }) };
  }
  if (entry.kind !== 'gap') return totals;
  const { counts } = JSON.parse(entry.payload) as { counts?: unknown };
  return isCounts(counts) ? { ...totals, gaps: withCounts(totals.gaps, counts) } : totals;
}

/** The class of a part row: its label, or the reason why there is no verdict; `unknown` when it names neither. */
export function classOf({ payload }: Pick<Entry, 'payload'>): string {
  const { label, reason } = JSON.parse(payload) as { label?: unknown; reason?: unknown };
  const name = reason ?? label;
  return typeof name === 'string' ? name : 'unknown';
}

/** The sum of two counts, name by name. */
export function withCounts(counts: Counts, more: Counts): Counts {
  const sum: Record<string, number> = { ...counts };
  for (const [name, count] of Object.entries(more)) {
    sum[name] = (Object.hasOwn(sum, name) ? Number(sum[name]) : 0) + count;
  }
  return sum;
}

/** Whether something read is counts. */
export function isCounts(value: unknown): value is Counts {
  return typeof value === 'object' && value !== null && Object.values(value).every(Number.isSafeInteger);
}
