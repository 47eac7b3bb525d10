import type Database from 'better-sqlite3';
import type { Range } from '../../agent/core/ledger/ranges.ts';
import { canonicalJson } from '../../agent/core/ledger/row.ts';
import { lastOf } from '../../agent/core/sync/batch.ts';
import type { WireItem } from '../../agent/core/sync/protocol.ts';
import { type Coverage, holesIn, type Stretch, stretchAt } from './coverage.ts';
import type { Epoch } from './epochs.ts';

interface EpochRow {
  readonly id: number;
  readonly station: string;
  readonly epoch: string;
  readonly told: number;
  readonly parent: string | null;
  readonly branch_seq: number;
}

interface StretchRow {
  readonly first: number;
  readonly last: number;
  readonly prev: Buffer;
  readonly head: Buffer;
}

interface Inside {
  readonly kind: string;
  readonly outcome: string;
  readonly seq: number;
  readonly last: number;
  readonly payload: string;
}

/** All epochs of a database. */
export function readEpochs(db: Database.Database): Epoch[] {
  const stretches = db.prepare<[number], StretchRow>('SELECT * FROM stretches WHERE epoch_id = ? ORDER BY first');
  const epochs = db.prepare<[], EpochRow>('SELECT * FROM epochs ORDER BY id').all();
  return epochs.map(({ id, station, epoch, told, parent, branch_seq }) => ({
    id,
    station,
    name: epoch,
    told: told === 1,
    parent: parent === null ? null : { epoch: parent, seq: branch_seq },
    coverage: stretches.all(id).map(({ first, last, prev, head }) => ({
      from: first,
      to: last,
      prev: prev.toString('hex'),
      head: head.toString('hex'),
    })),
  }));
}

interface Share {
  readonly first: number;
  readonly last: number;
  readonly heldBy: number;
}

/** Items and stretches of epochs: what is written is part of the transaction of whoever calls. */
export class EpochTable {
  readonly #insertItem: Database.Statement;
  readonly #hash: Database.Statement<[number, number], { last: number; hash: Buffer }>;
  readonly #lent: Database.Statement<[number, number, number, number], { last: number; hash: Buffer }>;
  readonly #inside: Database.Statement<[number, number, number], Inside>;
  readonly #share: Database.Statement;
  readonly #put: Database.Statement;
  readonly #drop: Database.Statement;

  constructor(db: Database.Database) {
    this.#insertItem = db.prepare('INSERT INTO items VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.#hash = db.prepare('SELECT last, hash FROM items WHERE epoch_id = ? AND seq <= ? ORDER BY seq DESC LIMIT 1');
    this.#lent = db.prepare(
      `SELECT i.last, i.hash FROM shares AS s CROSS JOIN items AS i ON i.epoch_id = s.held_by AND i.seq >= s.first
       WHERE s.epoch_id = ? AND s.first <= ? AND s.last >= ? AND i.seq <= ? ORDER BY i.seq DESC LIMIT 1`,
    );
    this.#share = db.prepare('INSERT INTO shares VALUES (?, ?, ?, ?)');
    this.#inside = db.prepare(
      'SELECT kind, outcome, seq, last, payload FROM items WHERE epoch_id = ? AND last >= ? AND seq <= ? ORDER BY seq',
    );
    this.#put = db.prepare('INSERT OR REPLACE INTO stretches VALUES (?, ?, ?, ?, ?)');
    this.#drop = db.prepare('DELETE FROM stretches WHERE epoch_id = ? AND first = ?');
  }

  /** Hash of the row `seq`, or of the span that ends with it, where it came in under this epoch; else null. */
  hashAt(epoch: Epoch, seq: number): string | null {
    const stretch = stretchAt(epoch.coverage, seq);
    if (stretch?.to === seq) return stretch.head;
    if (stretch === undefined) return epoch.coverage.find(({ from }) => from === seq + 1)?.prev ?? null;
    const own = this.#hash.get(epoch.id, seq);
    const found = own?.last === seq ? own : this.#lent.get(epoch.id, seq, seq, seq);
    return found?.last === seq ? found.hash.toString('hex') : null;
  }

  /** Stores what of the items is not there yet; of what one of `others` stores already, only that it does. */
  add(epoch: Epoch, items: readonly WireItem[], others: readonly Epoch[]): void {
    let share: Share | undefined;
    for (const item of items) {
      const last = lastOf(item);
      const holes = holesIn(epoch.coverage, item.seq, last);
      if (holes.length === 0) continue;
      const whole = holes[0]?.[0] === item.seq && holes[0][1] === last;
      const heldBy = whole ? others.find((other) => this.#holds(other, item))?.id : undefined;
      if (heldBy === undefined) this.#insert(epoch, item, holes, whole);
      else if (share?.heldBy === heldBy && share.last === item.seq - 1) share = { ...share, last };
      else {
        this.#insertShare(epoch, share);
        share = { first: item.seq, last, heldBy };
      }
    }
    this.#insertShare(epoch, share);
  }

  /** Whether the epoch itself stores exactly this item. */
  #holds(epoch: Epoch, item: WireItem): boolean {
    if (stretchAt(epoch.coverage, item.seq) === undefined) return false;
    const found = this.#hash.get(epoch.id, item.seq);
    return found?.last === lastOf(item) && found.hash.toString('hex') === item.hash;
  }

  #insertShare(epoch: Epoch, share: Share | undefined): void {
    if (share !== undefined) this.#share.run(epoch.id, share.first, share.last, share.heldBy);
  }

  #insert(epoch: Epoch, item: WireItem, holes: readonly Range[], whole: boolean): void {
    if (!('to' in item)) {
      this.#insertRow(epoch, item);
      return;
    }
    for (const [from, to] of holes) {
      const counts = whole ? item.counts : this.#countsOf(epoch, item, holes.length, to - from + 1);
      const hash = to === item.to ? item.hash : (this.hashAt(epoch, to) ?? item.hash);
      const bytes = Buffer.from(hash, 'hex');
      this.#insertItem.run(
        epoch.id,
        from,
        to,
        null,
        item.kind,
        null,
        null,
        null,
        '',
        null,
        null,
        canonicalJson(counts),
        bytes,
      );
    }
  }

  /** Replaces the stretches of an epoch. */
  setCoverage(epoch: Epoch, coverage: Coverage): void {
    const kept = new Set(coverage);
    const known = new Set<Stretch>(epoch.coverage);
    for (const stretch of epoch.coverage) if (!kept.has(stretch)) this.#drop.run(epoch.id, stretch.from);
    for (const stretch of coverage) {
      const { from, to, prev, head } = stretch;
      if (!known.has(stretch)) this.#put.run(epoch.id, from, to, Buffer.from(prev, 'hex'), Buffer.from(head, 'hex'));
    }
  }

  #insertRow(epoch: Epoch, row: Exclude<WireItem, { to: number }>): void {
    const { seq, session, kind, monoMs, wallMs, part, outcome, score, recipe } = row;
    const values = [session, kind, monoMs, wallMs, part, outcome, score, recipe, canonicalJson(row.payload)];
    this.#insertItem.run(epoch.id, seq, seq, ...values, Buffer.from(row.hash, 'hex'));
  }

  /** The counts of a span without what of it is there already; where that cannot be told, how many rows are new. */
  #countsOf(epoch: Epoch, span: Extract<WireItem, { to: number }>, holes: number, fresh: number): object {
    const left = new Map(Object.entries(span.counts));
    let clear = holes === 1;
    for (const inside of this.#inside.iterate(epoch.id, span.seq, span.to)) {
      if (inside.seq < span.seq || inside.last > span.to) clear = false;
      for (const [name, count] of Object.entries(countsOf(inside))) {
        left.set(name, (left.get(name) ?? 0) - count);
      }
    }
    const counts = [...left].filter(([, count]) => count !== 0);
    const sum = counts.reduce((total, [, count]) => total + count, 0);
    if (!clear || sum !== fresh || counts.some(([, count]) => count < 0)) return { unknown: fresh };
    return Object.fromEntries(counts);
  }
}

/** How many rows an item stands for, by outcome for part rows, by kind and outcome for the others. */
export function countsOf(item: Pick<Inside, 'kind' | 'outcome' | 'payload'>): Record<string, number> {
  if (item.kind === 'skip' || item.kind === 'folded') return JSON.parse(item.payload) as Record<string, number>;
  return { [item.kind === 'part' ? item.outcome : `${item.kind} ${item.outcome}`]: 1 };
}
