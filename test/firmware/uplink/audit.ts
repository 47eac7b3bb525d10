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

/** What was written while a process was killed may be in the flash without a word to the witness. */
export interface AuditOptions {
  /** Times that the firmware's process was killed. */
  readonly kills?: number;
}

/**
 * Audits both ends: the receiver whole by its own rules; every row that the flash took exactly once at the receiver, by seq and
 * hash, or within a span that counts it; nothing there that the flash never took.
 */
export async function auditFirmware(
  round: Round,
  plant: FirmwarePlant,
  { kills = 0 }: AuditOptions = {},
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
  const foreign = items.rows.filter(({ seq, hash }) => !known.has(`${seq} ${hash}`));
  round.say(`  ${stored.length} rows stored, ${items.rows.length} rows and ${items.spans.length} spans received`);
  return [
    equals('receiver', report['ok'] === true ? 'whole' : JSON.stringify(report).slice(0, 1000), 'whole'),
    equals('rows missing at the receiver', missing.length, 0),
    equals('rows twice at the receiver', counts.filter(({ times }) => times > 1).length, 0),
    atMost('rows at the receiver that no witness saw', foreign.length, kills),
    equals('spans that count their rows wrong', items.spans.filter((span) => !isRight(span, stored, kills)).length, 0),
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

/** What the witness saw stored, in its order. */
export function storedRows(witness: string): readonly Stored[] {
  const lines = readFileSync(witness, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => {
    const [seq = '', hash = '', ...name] = line.split(' ');
    return { seq: Number(seq), hash, name: name.join(' ') };
  });
}

function itemsAt(plant: FirmwarePlant): { readonly rows: readonly Item[]; readonly spans: readonly Item[] } {
  const sql = 'SELECT seq, last, kind, payload, lower(hex(hash)) AS hash FROM items';
  const items = ask(plant.db, (db) => db.prepare<[], Item>(sql).all());
  return { rows: items.filter(({ kind }) => kind !== 'folded'), spans: items.filter(({ kind }) => kind === 'folded') };
}

function within({ seq, last }: Item, row: number): boolean {
  return seq <= row && row <= last;
}

/**
 * Whether a span counts all its rows, and no fewer of a name than the witness saw. What a killed process wrote without a word
 * may come on top; where a repetition overlaps what is there, the receiver itself counts rows as `unknown`.
 */
function isRight(span: Item, stored: readonly Stored[], kills: number): boolean {
  const names = new Map(stored.filter(({ seq }) => within(span, seq)).map(({ seq, name }) => [seq, name]));
  const counts = JSON.parse(span.payload) as Record<string, number>;
  const { unknown = 0, ...known } = counts;
  const sum = Object.values(known).reduce((total, count) => total + count, unknown);
  const seen: Record<string, number> = {};
  for (const name of names.values()) seen[name] = (seen[name] ?? 0) + 1;
  const short = Object.entries(seen).reduce(
    (total, [name, count]) => total + Math.max(0, count - (known[name] ?? 0)),
    0,
  );
  return sum === span.last - span.seq + 1 && short <= unknown && sum - names.size <= kills;
}
