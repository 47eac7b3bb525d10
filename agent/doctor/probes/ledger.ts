import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { siblingEntry } from '../../core/entry.ts';
import { messageOf } from '../../core/errors.ts';
import type { LedgerLook } from '../probes.ts';

const mostMs = 8000;

/** Looks at a ledger, also beside the station that writes it, for at most eight seconds. */
export function lookAtLedger(file: string): Promise<LedgerLook> {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return Promise.resolve({ kind: 'none' });
  const child = fileURLToPath(siblingEntry(import.meta.url, './ledger-child.ts'));
  return new Promise((resolve) => {
    execFile(process.execPath, [child, file], { timeout: mostMs, killSignal: 'SIGKILL' }, (error, stdout) => {
      if (error?.killed === true) return resolve({ kind: 'slow', sizeBytes: found.size });
      try {
        resolve(JSON.parse(stdout) as LedgerLook);
      } catch {
        resolve({ kind: 'failed', detail: `the process that reads it ended (${messageOf(error)})` });
      }
    });
  });
}
