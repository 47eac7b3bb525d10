import { readFileSync } from 'node:fs';
import { ask } from '../../faults/ask.ts';
import { atMost, type Check, equals, type Round } from '../../faults/check.ts';
import { documentOf } from '../../faults/plant.ts';
import type { FirmwarePlant } from './plant.ts';

interface Stored {
  readonly seq: number;
  readonly hash: string;
  readonly name: string;
}

interface Item {
  readonly seq: number;
  readonly last: number;
  readonly kind: string;
  readonly payload: string;
  readonly hash: string;
}

/** A span of rows that arrives, or is under way, as counts by name. */
export interface Span {
  readonly seq: number;
  readonly last: number;
  readonly counts: Readonly<Record<string, number>>;
}

export interface AuditOptions {
  /** Times that the firmware's process was killed: a row may then be in the flash without a word that it is. */
  readonly kills?: number;
  /**
   * Rows of a span may have arrived before it, in several places: the receiver then knows how many of each name are new, yet
   * not in which place, and says `unknown` for all of them.
   */
  readonly inPlaces?: boolean;
}

/**
 * Audits both ends: the receiver whole by its own rules; every row that the flash took exactly once at the receiver, by seq and
 * hash, or within a span that counts it by its name; nothing there that the flash was not given.
 */
export async function auditFirmware(
  round: Round,
  plant: FirmwarePlant,
  { kills = 0, inPlaces = false }: AuditOptions = {},
): Promise<Check[]> {
  for (const receiver of plant.receivers.splice(0)) {
    receiver.kill('SIGTERM');
    await receiver.ended;
  }
  const report = await documentOf(round, ['receive', '--db', plant.db, '--verify', '--json']);
  const stored = storedRows(plant.witness);
  const items = itemsAt(plant);
  const there = new Map<string, number>();
  for (const { seq, hash } of items.rows) there.set(`${seq} ${hash}`, (there.get(`${seq} ${hash}`) ?? 0) + 1);
  const counts = stored.map(({ seq, hash }) => ({ seq, times: there.get(`${seq} ${hash}`) ?? 0 }));
  const missing = counts.filter(({ seq, times }) => times === 0 && !items.spans.some((span) => within(span, seq)));
  const known = new Set(stored.map(({ seq, hash }) => `${seq} ${hash}`));
  const unsaid = items.rows.filter(({ seq, hash }) => !known.has(`${seq} ${hash}`));
  const spans = spansOf(items.spans);
  const named = inPlaces ? spans.filter((span) => !isUnnamed(span)) : spans;
  const given = new Set(givenRows(plant.witness).map(({ seq, hash }) => `${seq} ${hash}`));
  const foreign = unsaid.filter(({ seq, hash }) => !given.has(`${seq} ${hash}`));
  round.say(`  ${stored.length} rows stored, ${items.rows.length} rows and ${items.spans.length} spans received`);
  return [
    equals('receiver', report['ok'] === true ? 'whole' : JSON.stringify(report).slice(0, 1000), 'whole'),
    equals('rows missing at the receiver', missing.length, 0),
    equals('rows twice at the receiver', counts.filter(({ times }) => times > 1).length, 0),
    equals('rows at the receiver that the flash was not given', foreign.length, 0),
    atMost('rows at the receiver that the flash did not say it took', unsaid.length, kills),
    equals('spans that count their rows wrong', wrongSpans(named, plant), 0),
  ];
}

/** Rows within spans at the receiver. */
export function foldedAt(plant: FirmwarePlant): number {
  return itemsAt(plant).spans.reduce((sum, { seq, last }) => sum + last - seq + 1, 0);
}

/** Rows of which the receiver does not know by which names they were counted. */
export function unnamedAt(plant: FirmwarePlant): number {
  const named = itemsAt(plant).spans.map(
    ({ payload }) => (JSON.parse(payload) as Record<string, number>)['unknown'] ?? 0,
  );
  return named.reduce((sum, count) => sum + count, 0);
}

/** How many of what stations sent is in quarantine. */
export function quarantinedAt(plant: FirmwarePlant): number {
  return ask(plant.db, (db) => Number(db.prepare('SELECT count(*) FROM quarantine').pluck().get()));
}

/** How many epochs the receiver knows. */
export function epochsAt(plant: FirmwarePlant): number {
  return ask(plant.db, (db) => Number(db.prepare('SELECT count(*) FROM epochs').pluck().get()));
}

/** The rows that the flash took, in their order. */
export function storedRows(witness: string): readonly Stored[] {
  return rowsIn(witness).filter(({ asked }) => !asked);
}

/** The rows that the flash was given, whether it took them or the process died before. */
function givenRows(witness: string): readonly Stored[] {
  return rowsIn(witness).filter(({ asked }) => asked);
}

function rowsIn(witness: string): readonly (Stored & { readonly asked: boolean })[] {
  const lines = readFileSync(witness, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => {
    const [, seq = '', hash = '', name = '', asked] = /^(\d+) (\w+) (.*?)( \?)?$/.exec(line) ?? [];
    return { seq: Number(seq), hash, name, asked: asked !== undefined };
  });
}

/**
 * How many spans do not count their rows by name as they were. A seq that was given to the flash twice, as a process died
 * between, has the later name: had the flash taken the first, the next process would have gone on behind it. Only for one epoch.
 */
export function wrongSpans(spans: readonly Span[], plant: FirmwarePlant): number {
  const names = new Map(givenRows(plant.witness).map(({ seq, name }) => [seq, name]));
  return spans.filter((span) => !isRight(span, names)).length;
}

function spansOf(items: readonly Item[]): Span[] {
  return items.map(({ seq, last, payload }) => ({ seq, last, counts: JSON.parse(payload) }));
}

function itemsAt(plant: FirmwarePlant): { readonly rows: readonly Item[]; readonly spans: readonly Item[] } {
  const sql = 'SELECT seq, last, kind, payload, lower(hex(hash)) AS hash FROM items';
  const items = ask(plant.db, (db) => db.prepare<[], Item>(sql).all());
  return { rows: items.filter(({ kind }) => kind !== 'folded'), spans: items.filter(({ kind }) => kind === 'folded') };
}

function within({ seq, last }: Item, row: number): boolean {
  return seq <= row && row <= last;
}

function isUnnamed({ seq, last, counts }: Span): boolean {
  return Object.keys(counts).length === 1 && counts['unknown'] === last - seq + 1;
}

function isRight({ seq, last, counts }: Span, names: ReadonlyMap<number, string>): boolean {
  const expected: Record<string, number> = {};
  for (let row = seq; row <= last; row += 1) {
    const name = names.get(row) ?? 'a row that was never given';
    expected[name] = (expected[name] ?? 0) + 1;
  }
  const keys = new Set([...Object.keys(counts), ...Object.keys(expected)]);
  return [...keys].every((key) => counts[key] === expected[key]);
}
