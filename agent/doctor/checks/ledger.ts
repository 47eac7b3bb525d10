import path from 'node:path';
import { fail, needsStation, notRun, ok, warn } from '../finding.ts';
import type { Check } from '../look.ts';

/** Name of the ledger inside a state folder (agent/wiring/records.ts). */
const ledgerFile = 'ledger.sqlite';

/** The ledger's file: whole, and kept as a ledger is. */
export const ledger: Check = {
  id: 'ledger',
  group: 'disk',
  about: 'the ledger',
  run: async ({ probes, wants }) => {
    if (wants === null) return needsStation('The ledger');
    const file = path.join(wants.stateFolder, ledgerFile);
    const look = await probes.ledger(file);
    switch (look.kind) {
      case 'none':
        return ok(`There is no ledger at ${file} yet; the station will make it.`, { file });
      case 'slow':
        return notRun(
          `The ledger ${file} has ${Math.round(look.sizeBytes / 1e6)} MB, too much to be read in the time of this check.`,
          `Run linegate ledger verify --state ${wants.stateFolder} when the line stands.`,
          { file, sizeBytes: look.sizeBytes },
        );
      case 'failed':
        return fail(
          `The ledger ${file} cannot be read: ${look.detail}.`,
          'Keep the file for inspection and move it away.',
          { file },
        );
      case 'read': {
        const { faults, journal, pageBytes, sizeBytes, rows } = look;
        const figures = { file, faults, journal, pageBytes, sizeBytes, rows };
        if (faults.length > 0)
          return fail(
            `The ledger ${file} is damaged (${faults[0]}).`,
            'Stop the station, keep the file for inspection, and begin a new ledger.',
            figures,
          );
        if (journal !== 'wal')
          return warn(
            `The ledger ${file} is whole, but its journal is of the kind ${journal} where wal is meant.`,
            'Start the station once, which sets it again.',
            figures,
          );
        return ok(
          `The ledger ${file} is whole: ${rows} rows, ${Math.round(sizeBytes / 1000)} kB, write-ahead log, pages of ${pageBytes} bytes.`,
          figures,
        );
      }
    }
  },
};
