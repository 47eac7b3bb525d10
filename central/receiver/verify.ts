import type Database from 'better-sqlite3';
import { EpochAudit } from './epoch-audit.ts';
import type { Epoch, FindEpoch } from './epochs.ts';
import { contiguous, origin } from './epochs.ts';
import { History } from './path.ts';
import { openForReading, storeError } from './schema.ts';
import { readEpochs } from './table.ts';

/** What an audit found of one epoch of a station, with what it has from its parents. */
export interface StationReport {
  readonly station: string;
  readonly epoch: string;
  readonly rows: number;
  readonly spans: number;
  readonly parts: number;
  readonly maxContig: number;
  /** Hash of the row maxContig; null when there is none. */
  readonly head: string | null;
  /** Batches that did not fit and that a person dropped from quarantine. */
  readonly dropped: number;
  /** What is wrong, in plain sentences. */
  readonly findings: readonly string[];
}

export interface StoreReport {
  readonly ok: boolean;
  readonly stations: readonly StationReport[];
}

/**
 * Audits a receiver's database, also beside a running one: no hole, no row stored twice, no changed row, each part
 * once in the history of an epoch, totals that are those of the rows before, nothing in quarantine that nobody dropped. Throws LinegateError 'ledger' for a file it cannot read.
 */
export function verifyStore(file: string): StoreReport {
  const db = openForReading(file);
  try {
    return db.transaction(() => report(db))();
  } catch (error) {
    throw storeError(file, error);
  } finally {
    db.close();
  }
}

/** Items of an epoch that an older one of the same station stores, too. */
const DOUBLED = `SELECT count(*) AS count, min(a.seq) AS first FROM items AS a CROSS JOIN epochs AS e CROSS JOIN items AS b
  WHERE a.epoch_id = :id AND e.station = :station AND e.id < :id AND b.epoch_id = e.id AND b.seq = a.seq
    AND b.last = a.last AND b.hash = a.hash`;

/** Batches of an epoch that did not fit. */
const HELD = `SELECT count(*) FILTER (WHERE dropped_wall_ms IS NULL) AS held,
  count(*) FILTER (WHERE dropped_wall_ms IS NOT NULL) AS dropped FROM quarantine WHERE station = :station AND epoch = :name`;

/** What the audit asks of all epochs. */
class Questions {
  readonly #doubled: Database.Statement<[{ id: number; station: string }], { count: number; first: number }>;
  readonly #held: Database.Statement<[{ station: string; name: string }], { held: number; dropped: number }>;

  constructor(db: Database.Database) {
    this.#doubled = db.prepare(DOUBLED);
    this.#held = db.prepare(HELD);
  }

  doubled({ id, station }: Epoch): { readonly count: number; readonly first: number } {
    return this.#doubled.get({ id, station }) ?? { count: 0, first: 0 };
  }

  quarantined({ station, name }: Epoch): { readonly held: number; readonly dropped: number } {
    return this.#held.get({ station, name }) ?? { held: 0, dropped: 0 };
  }
}

function report(db: Database.Database): StoreReport {
  const epochs = readEpochs(db);
  const known = new Map(epochs.map((epoch) => [`${epoch.station}/${epoch.name}`, epoch]));
  // A station's name holds no slash.
  const find: FindEpoch = (station, name) => known.get(`${station}/${name}`);
  const history = new History(db);
  const questions = new Questions(db);
  const stations = epochs.map((epoch) => reportOf(epoch, find, history, questions));
  return { ok: stations.every(({ findings }) => findings.length === 0), stations };
}

function reportOf(epoch: Epoch, find: FindEpoch, history: History, questions: Questions): StationReport {
  const audit = new EpochAudit(origin(epoch, find), epoch.parent === null ? 0 : epoch.parent.seq);
  for (const item of history.items(epoch, find)) audit.take(item);
  const maxContig = contiguous(epoch, find);
  const { held, dropped } = questions.quarantined(epoch);
  if (held > 0)
    audit.find(
      `In quarantine ${counted(held, 'batch', 'batches')} kept, because ${held === 1 ? 'its' : 'their'} rows do not fit.`,
    );
  const { count, first } = questions.doubled(epoch);
  if (count > 0) {
    audit.find(`From row ${first} on, ${counted(count, 'row', 'rows')} stored with an older epoch, too.`);
  }
  const { station, name } = epoch;
  return { station, epoch: name, maxContig, dropped, ...audit.finish(maxContig, epoch.coverage.at(-1)?.head ?? null) };
}

function counted(count: number, one: string, many: string): string {
  return count === 1 ? `1 ${one} is` : `${count} ${many} are`;
}
