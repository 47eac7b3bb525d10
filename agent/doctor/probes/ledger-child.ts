// Looks at a ledger in a process of its own, which can be killed when it takes too long: node ledger-child.ts FILE
import { statSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { openForReading } from '../../adapters/ledger/sqlite-file.ts';
import { messageOf } from '../../core/errors.ts';
import type { LedgerLook } from '../probes.ts';

const mostFaults = 5;

function look(file: string): LedgerLook {
  try {
    const db = openForReading(file);
    try {
      const faults = db.pragma(`quick_check(${mostFaults})`) as { quick_check: string }[];
      return {
        kind: 'read',
        faults: faults.map((row) => row.quick_check).filter((text) => text !== 'ok'),
        journal: String(db.pragma('journal_mode', { simple: true })),
        pageBytes: Number(db.pragma('page_size', { simple: true })),
        sizeBytes: statSync(file).size,
        rows: Number(db.prepare('SELECT count(*) FROM rows').pluck().get()),
      };
    } finally {
      db.close();
    }
  } catch (error) {
    return { kind: 'failed', detail: messageOf(error).replace(/\.$/, '') };
  }
}

// A station may be running.
setPriority(constants.priority.PRIORITY_LOW);
process.stdout.write(JSON.stringify(look(process.argv[2] ?? '')));
