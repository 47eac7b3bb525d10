import type Database from 'better-sqlite3';
import { type Epoch, type FindEpoch, lineage } from './epochs.ts';

/** A row or span as it is stored; `last` is above `seq` for a span only. */
export interface StoredItem {
  readonly seq: number;
  readonly last: number;
  readonly session: number;
  readonly kind: string;
  readonly mono_ms: number;
  readonly wall_ms: number;
  readonly part: number | null;
  readonly outcome: string;
  readonly score: number | null;
  readonly recipe: string | null;
  readonly payload: string;
  readonly hash: Buffer;
}

/** What came in under an epoch, whichever epoch of the station stores it. */
const ITEMS = `SELECT * FROM items WHERE epoch_id = :id AND seq >= :from AND seq <= :to
  UNION ALL SELECT i.* FROM shares AS s CROSS JOIN items AS i ON i.epoch_id = s.held_by AND i.seq >= s.first
    AND i.seq <= s.last
  WHERE s.epoch_id = :id AND i.seq >= :from AND i.seq <= :to ORDER BY seq`;

/** The items of an epoch's whole history, in order: what did not come in under its name is its parents'. */
export class History {
  readonly #db: Database.Database;

  constructor(db: Database.Database) {
    this.#db = db;
  }

  items(epoch: Epoch, find: FindEpoch): Generator<StoredItem> {
    const line = lineage(epoch, find).map((member) => member.epoch.id);
    const upTo = epoch.coverage.at(-1)?.to ?? epoch.parent?.seq ?? 0;
    return this.#between(line, 1, upTo);
  }

  *#between([id, ...parents]: readonly number[], from: number, to: number): Generator<StoredItem> {
    if (id === undefined) return;
    let next = from;
    // One statement a level: each is in the middle of its rows while the next reads.
    const items = this.#db.prepare<[{ id: number; from: number; to: number }], StoredItem>(ITEMS);
    for (const item of items.iterate({ id, from, to })) {
      if (item.seq > next) yield* this.#between(parents, next, item.seq - 1);
      yield item;
      next = item.last + 1;
    }
    if (next <= to) yield* this.#between(parents, next, to);
  }
}
