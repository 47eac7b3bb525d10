import { setImmediate } from 'node:timers/promises';
import { ledgerError, openForReading } from '../adapters/ledger/sqlite-file.ts';
import { readPartPayload } from './payload.ts';

const pageRows = 1000;

/** What the ledger says of a part whose picture is to be looked at again. */
export interface StoredPart {
  readonly part: number;
  readonly wallMs: number;
  readonly outcome: string;
  readonly label: string | null;
  readonly score: number | null;
  readonly recipe: string | null;
  /** Name of its picture below the folder of pictures; null where none was kept. */
  readonly picture: string | null;
}

/** Which parts: those triggered at or after `sinceMs` by the wall clock, and of them the newest `newest`. */
export interface Selection {
  readonly sinceMs: number;
  readonly newest: number;
}

interface PartRow extends Omit<StoredPart, 'label' | 'picture'> {
  readonly seq: number;
  readonly payload: string;
}

/**
 * The selected parts, oldest first, a page at a time, so that a ledger of any size costs the same memory. `onCount` hears
 * how many they are. Rejects with LinegateError 'ledger'.
 */
export async function* storedParts(
  path: string,
  { sinceMs, newest }: Selection,
  onCount: (parts: number) => void,
): AsyncGenerator<StoredPart> {
  const db = openForReading(path);
  try {
    const selected = db.prepare<[number, number], { first: number | null; last: number; parts: number }>(
      `SELECT min(seq) AS first, max(seq) AS last, count(*) AS parts FROM
       (SELECT seq FROM rows WHERE kind = 'part' AND wall_ms >= ? ORDER BY seq DESC LIMIT ?)`,
    );
    const { first, last, parts } = selected.get(sinceMs, newest) ?? { first: null, last: 0, parts: 0 };
    onCount(parts);
    const page = db.prepare<[number, number, number, number], PartRow>(
      `SELECT seq, part, wall_ms AS wallMs, outcome, score, recipe, payload FROM rows
       WHERE seq >= ? AND seq <= ? AND kind = 'part' AND wall_ms >= ? ORDER BY seq LIMIT ?`,
    );
    // What the station records meanwhile is left to the next look.
    for (let from = first; from !== null; ) {
      const rows = page.all(from, last, sinceMs, pageRows);
      for (const row of rows) yield storedPart(row);
      from = rows.length < pageRows ? null : (rows.at(-1)?.seq ?? last) + 1;
      await setImmediate();
    }
  } catch (error) {
    throw ledgerError(path, error);
  } finally {
    db.close();
  }
}

function storedPart({ seq: _seq, payload, ...row }: PartRow): StoredPart {
  const { label = null, picture = null } = readPartPayload(payload);
  return { ...row, label, picture };
}
