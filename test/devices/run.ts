// Makes the packages and tries them: npm run devices -- [--json] [--only NAME] [--packages DIR]
//   --packages: those in this folder instead of new ones.
// Ends with 0 when all checks hold, 1 when one does not, 3 when one could not run.
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../../agent/core/errors.ts';
import type { Check } from '../faults/check.ts';
import { arm64 } from './arm64.ts';
import { install } from './install.ts';
import { Packages } from './package/built.ts';
import { packageChecks } from './package.ts';
import type { DeviceRound } from './round.ts';
import { scripts } from './scripts.ts';
import { systemdChecks } from './systemd.ts';

type Group = readonly [name: string, run: (round: DeviceRound) => Promise<readonly Check[]>];

const groups: readonly Group[] = [
  ['package', packageChecks],
  ['install-debian12', (round) => install(round, 'bookworm')],
  ['install-debian13', (round) => install(round, 'trixie')],
  ['install-ubuntu22.04', (round) => install(round, 'jammy')],
  ['install-ubuntu24.04', (round) => install(round, 'noble')],
  ['arm64', arm64],
  ['scripts', scripts],
  ['systemd', async ({ packages, folder, say }) => systemdChecks(await packages.unpacked('amd64', folder), say)],
];

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    packages: { type: 'string' },
  },
});

async function play([name, run]: Group, packages: Packages): Promise<readonly Check[]> {
  // Not in /tmp, which may be too small for a whole system.
  const folder = mkdtempSync(path.join('/var/tmp', `linegate-${name}-`));
  const startedMs = Date.now();
  try {
    const done = await run({ packages, folder, say });
    return done.map((check) => ({ ...check, id: `${name}: ${check.id}` }));
  } catch (error) {
    return [{ id: `${name}: finished`, value: messageOf(error), limit: 'no fault', ok: false, ran: true }];
  } finally {
    rmSync(folder, { recursive: true, force: true });
    say(`${name}: ${Math.round((Date.now() - startedMs) / 1000)} s`);
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function lineOf({ id, value, limit, ok, ran }: Check): string {
  return `${ok ? 'ok     ' : ran ? 'FAILED ' : 'NOT RUN'} ${id}: ${value} (${limit})`;
}

const chosen = groups.filter(([name]) => values.only.length === 0 || values.only.includes(name));
const packages = new Packages(values.packages, say);
const checks: Check[] = [];
for (const group of chosen) checks.push(...(await play(group, packages)));
packages.stop();

const pass = checks.length > 0 && checks.every(({ ok }) => ok);
if (values.json) process.stdout.write(`${JSON.stringify({ pass, checks }, null, 2)}\n`);
else process.stdout.write(checks.map((check) => `${lineOf(check)}\n`).join(''));
const failed = checks.length === 0 || checks.some(({ ok, ran }) => ran && !ok);
process.exitCode = failed ? 1 : pass ? 0 : 3;
