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
  /** What is wrong, in plain sentences. */
  readonly findings: readonly string[];
}

export interface StoreReport {
  readonly ok: boolean;
  readonly stations: readonly StationReport[];
}

/**
 * Audits a receiver's database, also beside a running one: no hole, no double, no changed row, each part once in the
 * history of an epoch, totals that are those of the rows before. Throws LinegateError 'ledger' for a file it cannot read.
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

function report(db: Database.Database): StoreReport {
  const epochs = readEpochs(db);
  const find: FindEpoch = (station, name) => epochs.find((epoch) => epoch.station === station && epoch.name === name);
  const history = new History(db);
  const held = db
    .prepare<[string, string], number>('SELECT count(*) FROM quarantine WHERE station = ? AND epoch = ?')
    .pluck();
  const stations = epochs.map((epoch) => reportOf(epoch, find, history, held.get(epoch.station, epoch.name) ?? 0));
  return { ok: stations.every(({ findings }) => findings.length === 0), stations };
}

function reportOf(epoch: Epoch, find: FindEpoch, history: History, held: number): StationReport {
  const audit = new EpochAudit(origin(epoch, find), epoch.parent === null ? 0 : epoch.parent.seq);
  for (const item of history.items(epoch, find)) audit.take(item);
  const maxContig = contiguous(epoch, find);
  if (held > 0) audit.find(`There are ${held} batches of it in quarantine, because they do not fit.`);
  const { station, name } = epoch;
  return { station, epoch: name, maxContig, ...audit.finish(maxContig, epoch.coverage.at(-1)?.head ?? null) };
}
