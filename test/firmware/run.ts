// Builds and tests the firmware of the ESP32 station, on this computer and on emulated ones.
//   npm run firmware -- [--short] [--json] [--only ID]... [--seed N] [--write-sizes]
// Ends with 0 when all checks hold, 1 when one does not, 3 when one could not run.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../../agent/core/errors.ts';
import type { Check } from '../faults/check.ts';
import { writeMemoryPage } from './memory-page.ts';
import type { FirmwareSuite } from './suite.ts';
import { suites } from './suites.ts';

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: ['firmware'] },
    seed: { type: 'string', default: '7' },
    'write-sizes': { type: 'boolean', default: false },
  },
});

const folder = mkdtempSync(path.join(tmpdir(), 'linegate-firmware-'));
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const checks: Check[] = [];
for (const suite of suites.filter(isAsked)) checks.push(...(await play(suite)));
rmSync(folder, { recursive: true, force: true });

const pass = checks.length > 0 && checks.every(({ ok }) => ok);
if (values.json) process.stdout.write(`${JSON.stringify({ pass, checks }, null, 2)}\n`);
else for (const check of checks) process.stdout.write(`${lineOf(check)}\n`);
if (values['write-sizes']) writeMemoryPage(checks);
process.exitCode = pass ? 0 : checks.some(({ ran }) => !ran) ? 3 : 1;
// A child that does not end must not keep a finished run from ending.
setTimeout(() => process.exit(), 5000).unref();

/** Each `--only` names a suite, or the beginning of a check's id. */
function isAsked({ name }: FirmwareSuite): boolean {
  const id = `firmware.${name}`;
  return values.only.some((only) => begins(id, only) || begins(only, id));
}

function begins(id: string, prefix: string): boolean {
  return id === prefix || id.startsWith(`${prefix}.`);
}

async function play(suite: FirmwareSuite): Promise<readonly Check[]> {
  const startedMs = Date.now();
  try {
    const done = await suite.run({ folder, short: values.short, seed: Number(values.seed), say });
    return done.filter(({ id }) => values.only.some((only) => begins(id, only)));
  } catch (error) {
    const id = `firmware.${suite.name}.finished`;
    return [{ id, value: messageOf(error), limit: 'no fault', ok: false, ran: true }];
  } finally {
    say(`firmware.${suite.name}: ${Math.round((Date.now() - startedMs) / 1000)} s`);
  }
}

function lineOf({ id, value, limit, ok, ran }: Check): string {
  return `${ok ? 'ok     ' : ran ? 'FAILED ' : 'NOT RUN'} ${id}: ${value} (${limit})`;
}
