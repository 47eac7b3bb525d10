// What the gatekeeper must show, under a real kernel with simulated lines and cameras.
//   npm run lab -- [--short] [--json] [--peers] [--only NAME] [--seed N]
// The lab is LINEGATE_LAB, by default ../shared/lab/boot beside the checkout. Ends with 0 when all checks hold, 1 when one
// does not, 3 when one could not run.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { LinegateError } from '../../agent/core/errors.ts';
import { buildLinuxPrograms } from '../../agent/native/linux/programs.ts';
import { type Check, notRun } from '../faults/check.ts';
import { play, report } from '../faults/play.ts';
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
process.once('exit', () => rmSync(programs, { recursive: true, force: true }));
const missing = whatIsMissing();
if (missing !== undefined) say(`NOT RUN  ${missing}`);
const chosen = scenarios.filter(({ name }) => name === (values.only ?? name));
const mostS = chosen.reduce((sum, { timeoutMs }) => sum + timeoutMs(values.short) / 1000, 0);
say(`${chosen.length} scenarios, at most ${Math.ceil(mostS / 60)} minutes in all`);
const checks: Check[] = [];
const startedMs = Date.now();
for (const scenario of chosen) {
  checks.push(...(missing === undefined ? await playOne(scenario) : [notRun(`${scenario.name}: finished`, missing)]));
}
say(`the whole: ${Math.round((Date.now() - startedMs) / 1000)} s`);
report(checks, values.json);

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

async function playOne(scenario: LabScenario): Promise<readonly Check[]> {
  const { name } = scenario;
  const folder = mkdtempSync(`/var/tmp/linegate-${name}-`);
  const round: Omit<LabRound, 'after'> = {
    short: values.short,
    peers: values.peers,
    seed: Number(values.seed),
    folder,
    lab,
    exactLab: path.join(programs, 'lab', 'boot'),
    programs,
    say,
  };
  const stolen = stolenNow();
  say(`${name}: begins, load of this computer ${loadavg()[0]?.toFixed(1)}`);
  const timeoutMs = scenario.timeoutMs(values.short);
  const done = await play({ name, folder, timeoutMs, say, run: ({ after }) => scenario.run({ ...round, after }) });
  say(`${name}: load ${loadavg()[0]?.toFixed(1)}, stolen ${stealSince(stolen)} %`);
  return done;
}
