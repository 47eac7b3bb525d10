import type Database from 'better-sqlite3';
import { LinegateError } from '../../agent/core/errors.ts';
import { openForReading, openForWord, storeError } from './schema.ts';

/** A batch that did not fit what is stored. */
export interface QuarantinedBatch {
  readonly id: number;
  readonly station: string;
  readonly epoch: string;
  readonly first: number;
  readonly last: number;
  readonly wallMs: number;
  /** Why it did not fit, one plain sentence. */
  readonly detail: string;
  /** When and why a person dropped it; null while nobody has. */
  readonly dropped: { readonly wallMs: number; readonly reason: string } | null;
}

interface Row extends Omit<QuarantinedBatch, 'dropped'> {
  readonly droppedWallMs: number | null;
  readonly reason: string | null;
}

const MOST_REASON = 1000;

/** All batches in quarantine, oldest first. Throws LinegateError 'ledger' for a file it cannot read. */
export function listQuarantine(file: string): readonly QuarantinedBatch[] {
  return using(file, openForReading(file), (db) =>
    db
      .prepare<[], Row>(
        `SELECT id, station, epoch, first, last, wall_ms AS wallMs, detail, dropped_wall_ms AS droppedWallMs, reason
         FROM quarantine ORDER BY id`,
      )
      .all()
      .map(({ droppedWallMs, reason, ...batch }) => ({
        ...batch,
        dropped: droppedWallMs === null ? null : { wallMs: droppedWallMs, reason: reason ?? '' },
      })),
  );
}

/**
 * Drops a batch: its rows are not stored, now or when they come again, and the audit no longer objects. The batch stays in
 * the file with the reason. Also beside a running receiver. Throws LinegateError 'bad-argument' for a reason that says
 * nothing and an id that is not in quarantine, 'ledger' for a file that cannot be used.
 */
export function dropQuarantined(file: string, id: number, reason: string, wallMs: number): void {
  const said = reason.replace(/\p{Cc}+/gu, ' ').trim();
  if (said === '' || said.length > MOST_REASON) {
    throw new LinegateError('bad-argument', `Say why the batch is dropped, in 1 to ${MOST_REASON} characters.`);
  }
  const changes = using(file, openForWord(file), (db) => {
    db.pragma('synchronous = FULL');
    const drop = 'UPDATE quarantine SET dropped_wall_ms = ?, reason = ? WHERE id = ? AND dropped_wall_ms IS NULL';
    return db.prepare(drop).run(wallMs, said, id).changes;
  });
  if (changes === 1) return;
  throw new LinegateError('bad-argument', `There is no batch ${id} in quarantine in ${file}: list those that are.`);
}

function using<T>(file: string, db: Database.Database, work: (db: Database.Database) => T): T {
  try {
    return work(db);
  } catch (error) {
    throw storeError(file, error);
  } finally {
    db.close();
  }
}
