import { globSync } from 'node:fs';
import path from 'node:path';
import { type Check, equals } from '../../faults/check.ts';
import { lastOf } from '../package/program.ts';
import type { BareRoot } from './bare-root.ts';

/** A ledger of 40 parts as each released schema left it: schema-N.sqlite. Never made anew: that is what they are for. */
const stored = path.join(import.meta.dirname, 'ledgers');

interface Audit {
  readonly ok: boolean;
  readonly parts: number;
}

/** What `linegate ledger verify` says of a state folder, in a few words. */
export async function audit(root: BareRoot, state: string): Promise<string> {
  const ran = await root.asStation(`linegate ledger verify --state ${state} --json`);
  if (ran.status !== 0) return lastOf(ran);
  const { ok, parts } = JSON.parse(ran.stdout) as Audit;
  return `${ok ? 'whole' : 'damaged'}, ${parts} parts`;
}

/** Sends parts to a station in virtual time; what is wrong, or `sorted`. */
export async function simulate(root: BareRoot, state: string, parts: number): Promise<string> {
  const options = `--parts ${parts} --virtual-time --classifier model --ledger sqlite --state ${state} --json`;
  const ran = await root.asStation(`linegate simulate ${options}`);
  if (ran.status !== 0) return lastOf(ran);
  const { unaccounted, outcomes } = JSON.parse(ran.stdout) as {
    readonly unaccounted: number;
    readonly outcomes: Readonly<Record<string, number>>;
  };
  const sum = Object.values(outcomes).reduce((a, b) => a + b, 0);
  return unaccounted === 0 && sum === parts && outcomes['no-verdict'] === 0 ? 'sorted' : JSON.stringify(outcomes);
}

/** Ledgers of every schema open, verify as they are, go on and verify again. */
export async function oldLedgers(root: BareRoot): Promise<readonly Check[]> {
  const files = globSync('schema-*.sqlite', { cwd: stored }).sort();
  const checks: Check[] = [];
  for (const file of files) {
    const state = `old-${path.basename(file, '.sqlite')}`;
    await root.asStation(`mkdir ${state}`);
    root.put(path.join(stored, file), `var/lib/linegate/${state}/ledger.sqlite`);
    await root.sh(`chown linegate: /var/lib/linegate/${state}/ledger.sqlite`);
    const name = path.basename(file, '.sqlite');
    checks.push(equals(`ledger of ${name}, as it was`, await audit(root, state), 'whole, 40 parts'));
    checks.push(equals(`ledger of ${name}, written to`, await simulate(root, state, 5), 'sorted'));
    checks.push(equals(`ledger of ${name}, afterwards`, await audit(root, state), 'whole, 45 parts'));
  }
  return [...checks, equals('schemas with a stored ledger', files.length, await newestSchema(root))];
}

/** The schema of a ledger that this version made, from bytes 60 to 63 of its file: SQLite's user_version. */
async function newestSchema(root: BareRoot): Promise<number> {
  const { stdout } = await root.sh('od -An -t u1 -j 63 -N 1 /var/lib/linegate/demo/ledger.sqlite');
  return Number(stdout);
}
