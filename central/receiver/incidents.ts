import type Database from 'better-sqlite3';
import type { Range } from '../../agent/core/ledger/ranges.ts';
import type { WireBatch } from '../../agent/core/sync/protocol.ts';

/** Batches of one station that are kept in quarantine; of more only the alarm tells. */
const MOST_KEPT = 1000;

/** What was heard of each station, and what was wrong with it. */
export class Incidents {
  readonly #transaction: (work: () => void) => void;
  readonly #heard: Readonly<Record<'hello' | 'state', Database.Statement>>;
  readonly #batch: Database.Statement;
  readonly #kept: Database.Statement<[string], number>;
  readonly #keep: Database.Statement;
  readonly #alarm: Database.Statement;

  constructor(db: Database.Database, transaction: (work: () => void) => void) {
    this.#transaction = transaction;
    const heard = (what: 'hello' | 'state'): Database.Statement =>
      db.prepare(`INSERT INTO stations (station, ${what}, ${what}_wall_ms) VALUES (?, ?, ?)
        ON CONFLICT DO UPDATE SET ${what} = excluded.${what}, ${what}_wall_ms = excluded.${what}_wall_ms`);
    this.#heard = { hello: heard('hello'), state: heard('state') };
    this.#batch = db.prepare(`INSERT INTO stations (station, batch_wall_ms) VALUES (?, ?)
      ON CONFLICT DO UPDATE SET batch_wall_ms = excluded.batch_wall_ms`);
    this.#kept = db
      .prepare<[string], number>('SELECT count(*) FROM quarantine WHERE station = ? AND dropped_wall_ms IS NULL')
      .pluck();
    this.#keep = db.prepare('INSERT OR IGNORE INTO quarantine VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)');
    this.#alarm = db.prepare(`INSERT INTO alarms VALUES (:station, :id, :sentence, :wallMs, :wallMs, 1)
      ON CONFLICT DO UPDATE SET sentence = excluded.sentence, last_wall_ms = excluded.last_wall_ms, times = times + 1`);
  }

  /** Notes when a station last sent rows, within the transaction of whoever calls. */
  batch(station: string, wallMs: number): void {
    this.#batch.run(station, wallMs);
  }

  /** Notes the last hello or state of a station, within the transaction of whoever calls. */
  heard(station: string, what: 'hello' | 'state', json: string, wallMs: number): void {
    this.#heard[what].run(station, json, wallMs);
  }

  /** The same, on its own. */
  state(station: string, json: string, wallMs: number): void {
    this.#transaction(() => this.heard(station, 'state', json, wallMs));
  }

  /** Keeps a batch that does not fit, and its alarm; the same batch again is only counted. */
  quarantine(station: string, batch: WireBatch, range: Range, detail: string, wallMs: number): void {
    if ((this.#kept.get(station) ?? 0) < MOST_KEPT) {
      const json = JSON.stringify(batch);
      this.#keep.run(station, batch.epoch, range[0], range[1], batch.sha256, wallMs, detail, json);
    }
    this.#alarm.run({ station, id: 'conflict', sentence: detail, wallMs });
  }

  /** Notes messages that could not be taken. */
  alarm(station: string, id: string, sentence: string, wallMs: number): void {
    this.#transaction(() => void this.#alarm.run({ station, id, sentence, wallMs }));
  }
}
