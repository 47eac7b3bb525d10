// Does every fault to a station with its broker and receiver, then audits both ends.
//   npm run faults -- [--short] [--json] [--only NAME] [--except NAME] [--seed N]
// Ends with 0 when all checks hold, 1 when one does not, 3 when one could not run.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../../agent/core/errors.ts';
import type { Check, Round, Scenario } from './check.ts';
import { scenarios } from './scenarios.ts';

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
    except: { type: 'string' },
    seed: { type: 'string', default: '7' },
  },
});

const chosen = scenarios.filter(({ name }) => name === (values.only ?? name) && name !== values.except);
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const checks: Check[] = [];
for (const scenario of chosen) checks.push(...(await play(scenario)));

const pass = checks.length > 0 && checks.every(({ ok }) => ok);
if (values.json) process.stdout.write(`${JSON.stringify({ pass, checks }, null, 2)}\n`);
else for (const check of checks) process.stdout.write(`${lineOf(check)}\n`);
process.exitCode = pass ? 0 : checks.some(({ ran }) => !ran) ? 3 : 1;
// A child that does not end must not keep a finished run from ending.
setTimeout(() => process.exit(), 5000).unref();

async function play(scenario: Scenario): Promise<readonly Check[]> {
  const folder = mkdtempSync(path.join(tmpdir(), `linegate-faults-${scenario.name}-`));
  const endings: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const seed = Number(values.seed);
  const round: Round = { short: values.short, seed, folder, say, after: (action) => void endings.unshift(action) };
  const startedMs = Date.now();
  try {
    const done = await withTimeout(scenario.timeoutMs(values.short), scenario.run(round));
    return done.map((check) => ({ ...check, id: `${scenario.name}: ${check.id}` }));
  } catch (error) {
    return [{ id: `${scenario.name}: finished`, value: messageOf(error), limit: 'no fault', ok: false, ran: true }];
  } finally {
    for (const end of endings) await Promise.resolve(end()).catch(() => undefined);
    say(`${scenario.name}: ${Math.round((Date.now() - startedMs) / 1000)} s`);
  }
}

async function withTimeout<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`was not done after ${timeoutMs / 1000} s`)), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function lineOf({ id, value, limit, ok, ran }: Check): string {
  return `${ok ? 'ok     ' : ran ? 'FAILED ' : 'NOT RUN'} ${id}: ${value} (${limit})`;
}
