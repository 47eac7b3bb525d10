/** One line of the result. `limit` null: a figure to be told, which nothing judges. */
export interface Check {
  readonly id: string;
  /** In a few words, with the unit. */
  readonly what: string;
  /** NaN, or null in JSON, where it did not run. */
  readonly value: number;
  readonly limit: number | null;
  readonly goal?: number;
  /** Whether the limit is the most or the least that the value may be. */
  readonly bound: 'most' | 'least';
  readonly ok: boolean;
  readonly ran: boolean;
  /** Why it did not run. */
  readonly why?: string;
  /** The figures behind the value. */
  readonly details?: Readonly<Record<string, unknown>>;
}

type Judged = Pick<Check, 'id' | 'what' | 'value'> & Partial<Pick<Check, 'limit' | 'goal' | 'bound' | 'details'>>;

/** A check that ran. */
export function check({ limit = null, bound = 'most', value, ...rest }: Judged): Check {
  const kept = limit === null || (bound === 'most' ? value <= limit : value >= limit);
  return { ...rest, value, limit, bound, ok: kept && !Number.isNaN(value), ran: true };
}

/** A check that this computer cannot run, and why in a sentence. */
export function notRun(id: string, what: string, why: string): Check {
  return { id, what, value: Number.NaN, limit: null, bound: 'most', ok: false, ran: false, why };
}

/** 1 when a check is not ok, else 3 when one did not run, else 0. */
export function exitCodeOf(checks: readonly Check[]): number {
  if (checks.some(({ ok, ran }) => ran && !ok)) return 1;
  return checks.every(({ ran }) => ran) ? 0 : 3;
}

/** The checks for a person. */
export function tableText(checks: readonly Check[]): string {
  const rows = checks.map((one) => [stateOf(one), one.id, ...valuesOf(one)]);
  const widths = [0, 1, 2, 3, 4].map((at) => Math.max(...rows.map((row) => (row[at] ?? '').length)));
  const line = (row: readonly string[]): string => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}

function stateOf({ ran, ok }: Check): string {
  if (!ran) return 'NOT RUN';
  return ok ? 'ok' : 'FAILED';
}

function valuesOf({ ran, value, limit, bound, goal, what, why }: Check): readonly string[] {
  if (!ran) return ['-', '', '', why ?? ''];
  const sign = bound === 'most' ? '<=' : '>=';
  return [String(value), limit === null ? '' : `${sign} ${limit}`, goal === undefined ? '' : `goal ${goal}`, what];
}
