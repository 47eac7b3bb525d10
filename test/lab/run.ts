// What the gatekeeper must show, under a real kernel with simulated lines and cameras.
//   npm run lab -- [--short] [--json] [--peers] [--only NAME] [--seed N]
// The lab is LINEGATE_LAB, by default ../shared/lab/boot beside the checkout. Ends with 0 when all checks hold, 1 when one
// does not, 3 when one could not run.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { LinegateError, messageOf } from '../../agent/core/errors.ts';
import { buildLinuxPrograms } from '../../agent/native/linux/programs.ts';
import { type Check, notRun } from '../faults/check.ts';
import { exactLab } from './exact.ts';
import { stealSince, stolenNow } from './suite/host-load.ts';
import { type LabRound, type LabScenario, warmUp } from './suite/lab.ts';
import { scenarios } from './suite/scenarios.ts';

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    peers: { type: 'boolean', default: false },
    only: { type: 'string' },
    seed: { type: 'string', default: '7' },
  },
});

const root = path.join(import.meta.dirname, '../..');
const lab = process.env['LINEGATE_LAB'] ?? path.join(root, '../shared/lab/boot');
const say = (line: string): void => void process.stderr.write(`${line}\n`);
// Not below /tmp: a path to a socket has 107 bytes, and the lab shows this folder under the same name.
const programs = mkdtempSync('/var/tmp/linegate-lab-');
const checks: Check[] = [];

const missing = whatIsMissing();
if (missing !== undefined) say(`NOT RUN  ${missing}`);
for (const scenario of scenarios.filter(({ name }) => name === (values.only ?? name))) {
  checks.push(...(missing === undefined ? await play(scenario) : [notRun(`${scenario.name}: finished`, missing)]));
}
rmSync(programs, { recursive: true });

const pass = checks.length > 0 && checks.every(({ ok }) => ok);
if (values.json) process.stdout.write(`${JSON.stringify({ pass, checks }, null, 2)}\n`);
else for (const check of checks) process.stdout.write(`${lineOf(check)}\n`);
process.exitCode = exitCode();
// A child that does not end must not keep a finished run from ending.
setTimeout(() => process.exit(), 5000).unref();

function exitCode(): number {
  if (checks.some(({ ok, ran }) => ran && !ok)) return 1;
  return pass ? 0 : 3;
}

/** Without a lab or a compiler nothing runs. */
function whatIsMissing(): string | undefined {
  if (!existsSync(lab)) return `there is no lab at ${lab}; set LINEGATE_LAB`;
  try {
    buildLinuxPrograms({ arch: 'x64', folder: programs });
    exactLab(lab, path.join(programs, 'lab'));
    warmUp(programs);
    return undefined;
  } catch (error) {
    if (error instanceof LinegateError && error.code === 'missing-package') return error.message;
    throw error;
  }
}

async function play(scenario: LabScenario): Promise<readonly Check[]> {
  const folder = mkdtempSync(`/var/tmp/linegate-${scenario.name}-`);
  const endings: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const round: LabRound = {
    short: values.short,
    peers: values.peers,
    seed: Number(values.seed),
    folder,
    lab,
    exactLab: path.join(programs, 'lab', 'boot'),
    programs,
    say,
    after: (action) => void endings.unshift(action),
  };
  const [startedMs, stolen] = [Date.now(), stolenNow()];
  say(`${scenario.name}: begins, load of this computer ${loadavg()[0]?.toFixed(1)}`);
  try {
    const done = await withTimeout(scenario.timeoutMs(values.short), scenario.run(round));
    return done.map((check) => ({ ...check, id: `${scenario.name}: ${check.id}` }));
  } catch (error) {
    return [{ id: `${scenario.name}: finished`, value: messageOf(error), limit: 'no fault', ok: false, ran: true }];
  } finally {
    for (const end of endings) await Promise.resolve(end()).catch(() => undefined);
    const took = Math.round((Date.now() - startedMs) / 1000);
    say(`${scenario.name}: ${took} s, load ${loadavg()[0]?.toFixed(1)}, stolen ${stealSince(stolen)} %`);
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
