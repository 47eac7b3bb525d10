import type { Database } from 'better-sqlite3';
import { openForReading } from '../agent/adapters/ledger/sqlite-file.ts';
import type { Alarm } from '../agent/core/alarms/alarm.ts';

/** What a ledger tells of the station that wrote it. */
export interface LedgerStory {
  /** When and how the last session began, and whether it ended in order. */
  readonly session: {
    readonly startedWallMs: number;
    readonly endedInOrder: boolean;
    readonly lastRowWallMs: number;
  } | null;
  readonly lastPart: { readonly part: number; readonly outcome: string; readonly wallMs: number } | null;
  /** Alarms of the last session that were not cleared. */
  readonly alarms: readonly Alarm[];
  readonly rows: number;
  /** Rows that no receiver has acknowledged; where there is no uplink that is all of them. */
  readonly unacknowledgedRows: number;
  /** Counts of all parts ever, by outcome and by class; null where they have not been counted yet. */
  readonly totals: unknown;
}

interface Meta {
  readonly session: number;
  readonly seq: number;
  readonly acked: number;
  readonly totals: string | null;
  readonly closed: number | null;
}

/** Reads a ledger, also beside a running station. Throws LinegateError 'ledger' when there is none or it cannot be read. */
export function readStory(file: string): LedgerStory {
  const db = openForReading(file);
  try {
    const meta = readMeta(db);
    const start = db
      .prepare<[], { seq: number; wall_ms: number }>(
        "SELECT seq, wall_ms FROM rows WHERE kind = 'session' AND outcome <> 'stopped' ORDER BY seq DESC LIMIT 1",
      )
      .get();
    const last = db.prepare<[], { wall_ms: number }>('SELECT wall_ms FROM rows ORDER BY seq DESC LIMIT 1').get();
    const lastPart = db
      .prepare<[], { part: number; outcome: string; wallMs: number }>(
        'SELECT part, outcome, wall_ms AS wallMs FROM rows WHERE part IS NOT NULL ORDER BY part DESC LIMIT 1',
      )
      .get();
    return {
      session:
        start === undefined
          ? null
          : {
              startedWallMs: start.wall_ms,
              endedInOrder: meta.closed === 1,
              lastRowWallMs: last?.wall_ms ?? start.wall_ms,
            },
      lastPart: lastPart ?? null,
      alarms: standingAfter(db, start?.seq ?? 0),
      rows: meta.seq,
      unacknowledgedRows: meta.seq - meta.acked,
      totals: meta.totals === null ? null : JSON.parse(meta.totals),
    };
  } finally {
    db.close();
  }
}

function readMeta(db: Database): Meta {
  const closed = '(SELECT closed FROM sessions WHERE sessions.session = meta.session) AS closed';
  // A ledger of the first schema has no receiver and no totals.
  const isOld = Number(db.pragma('user_version', { simple: true })) < 2;
  const columns = isOld ? '0 AS acked, NULL AS totals' : 'acked, totals';
  const meta = db.prepare<[], Meta>(`SELECT session, seq, ${columns}, ${closed} FROM meta`).get();
  return meta ?? { session: 0, seq: 0, acked: 0, totals: null, closed: null };
}

function standingAfter(db: Database, seq: number): readonly Alarm[] {
  const rows = db
    .prepare<[number], { outcome: string; payload: string }>(
      "SELECT outcome, payload FROM rows WHERE seq > ? AND kind = 'event' AND outcome IN ('alarm-raised', 'alarm-cleared') ORDER BY seq",
    )
    .all(seq);
  const standing = new Map<string, Alarm>();
  for (const { outcome, payload } of rows) {
    const alarm = JSON.parse(payload) as Alarm;
    if (outcome === 'alarm-raised') standing.set(alarm.id, alarm);
    else standing.delete(alarm.id);
  }
  return [...standing.values()];
}
