import { LinegateError } from '../errors.ts';
import type { PartId } from '../part-record.ts';
import type { Range, Ranges } from './ranges.ts';

/**
 * What a row is about. `event`: what happened to the station; `summary`: a minute or a shift in numbers; `audit`: what a
 * person changed. `gap` rows (part numbers without a row of their own) and `session` rows (`started`, `restarted`,
 * `stopped`) are written by the ledger itself.
 */
export type RowKind = 'part' | 'event' | 'summary' | 'audit' | 'gap' | 'session';

/** A row before the ledger has numbered and chained it. */
export interface NewRow {
  readonly kind: 'part' | 'event' | 'summary' | 'audit';
  /** Monotonic time of what it tells, ms. */
  readonly monoMs: number;
  readonly wallMs: number;
  /** For part rows the part; null for all others. */
  readonly part: PartId | null;
  /** For part rows `pass`, `reject`, `review` or `no-verdict`; for events their name; for summaries `minute` or `shift`. */
  readonly outcome: string;
  /** For part rows the score that decided, 0 to 1. */
  readonly score: number | null;
  /** Name and version of the recipe, as `name@version`. */
  readonly recipe: string | null;
  /** Rejects and events are flushed at once, the others within the ledger's flush interval. */
  readonly urgent: boolean;
  /** The rest, as plain JSON. */
  readonly payload: Readonly<Record<string, unknown>>;
}

/** A row's content as it is stored. The outcome of a gap is its reason. */
export interface Entry extends Omit<NewRow, 'kind' | 'urgent' | 'payload'> {
  readonly kind: RowKind;
  /** Canonical JSON of an object; that of a gap has `ranges`, the part numbers it stands for. */
  readonly payload: string;
  /** Class of a part, which the payload tells as well: to parse that again for each row would cost more than all the rest. */
  readonly partClass?: string;
}

/** A row of the ledger. */
export interface LedgerRow extends Omit<Entry, 'partClass'> {
  /** 1, 2, 3, ... without holes. */
  readonly seq: number;
  /** Number of the opening of the ledger under which it was written. */
  readonly session: number;
  /** SHA-256, in hex, over the hash of the row before and this row's canonical text. */
  readonly hash: string;
}

/** Moment at which the ledger itself writes a row. */
export interface Moment {
  readonly monoMs: number;
  readonly wallMs: number;
}

/**
 * A new row as it will be stored. Throws LinegateError 'illegal-input' for one that could not be stored or read back: a
 * number that is not finite, a part row without a part, a payload that is not JSON.
 */
export function toEntry(row: NewRow): Entry {
  const { kind, monoMs, wallMs, part, score, recipe } = row;
  const finite = [monoMs, wallMs, score ?? 0].every(Number.isFinite);
  const partFits = kind === 'part' ? Number.isSafeInteger(part) && Number(part) > 0 : part === null;
  if (!finite || !partFits) throw illegalRow(row, 'its times, score or part number are not usable');
  let payload: string;
  try {
    payload = canonicalJson(row.payload);
  } catch (cause) {
    throw illegalRow(row, 'its payload is not plain JSON', cause);
  }
  // SQLite stores UTF-8: half a surrogate pair would come back as something else and break the hash.
  const outcome = row.outcome.toWellFormed();
  const entry = { kind, monoMs, wallMs, part, outcome, score, recipe: recipe?.toWellFormed() ?? null, payload };
  return kind === 'part' ? { ...entry, partClass: classIn(row.payload) } : entry;
}

/** The class that a part row's payload tells: its label, or why there is none; `unknown` when it names neither. */
export function classIn({ label, reason }: Readonly<Record<string, unknown>>): string {
  const name = reason ?? label;
  return typeof name === 'string' ? name : 'unknown';
}

function illegalRow(row: NewRow, why: string, cause?: unknown): LinegateError {
  const what = `A ${row.kind} row (${row.outcome}, part ${row.part}) cannot enter the ledger: ${why}.`;
  return new LinegateError('illegal-input', what, { cause });
}

/** A row that the ledger writes of itself. */
export function ownEntry(
  kind: 'session' | 'gap' | 'event',
  outcome: string,
  at: Moment,
  payload: Readonly<Record<string, unknown>>,
): Entry {
  const { monoMs, wallMs } = at;
  return { kind, monoMs, wallMs, part: null, outcome, score: null, recipe: null, payload: canonicalJson(payload) };
}

/** JSON without white space and with keys in the order of their UTF-16 units, as in RFC 8785. */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return PLAIN.test(value) ? `"${value}"` : JSON.stringify(value);
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null';
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return JSON.stringify(value) ?? 'null';
  return Array.isArray(value) ? canonicalArray(value) : canonicalObject(value);
}

/** Text that JSON does not escape: most is, and to put it between quotes is many times faster than to stringify it. */
const PLAIN = /^[ !#-[\]-\ud7ff]*$/;

function canonicalArray(values: readonly unknown[]): string {
  const texts: string[] = [];
  for (const value of values) texts.push(canonicalJson(value));
  return `[${texts.join(',')}]`;
}

function canonicalObject(fields: object): string {
  const texts: string[] = [];
  // Without a comparison of its own, sort goes by UTF-16 units.
  for (const key of Object.keys(fields).sort()) {
    const value: unknown = Reflect.get(fields, key);
    if (value !== undefined) texts.push(`${canonicalJson(key)}:${canonicalJson(value)}`);
  }
  return `{${texts.join(',')}}`;
}

/** The part numbers that a gap row's payload names. Throws LinegateError 'illegal-input' for anything else. */
export function gapRanges(payload: string): Ranges {
  const { ranges } = JSON.parse(payload) as { ranges?: unknown };
  if (Array.isArray(ranges) && ranges.every(isRange) && ranges.every(follows)) return ranges;
  throw new LinegateError('illegal-input', `A gap row names no usable part numbers: ${payload.slice(0, 200)}.`);
}

function isRange(value: unknown): value is Range {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [from, to] = value;
  return Number.isSafeInteger(from) && Number.isSafeInteger(to) && 1 <= from && from <= to;
}

function follows(range: Range, index: number, ranges: readonly Range[]): boolean {
  return index === 0 || range[0] > (ranges[index - 1]?.[1] ?? 0);
}
