// What a station costs beside the bare model: docs/benchmark.md.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { messageOf } from '../../agent/core/errors.ts';
import { writeTinyRecipe } from '../fixtures/tiny-recipe.ts';
import { nodeFlags } from '../support/node-flags.ts';
import { hostOf } from './host.ts';
import { DISK_RATES, measureDisk } from './measure/disk.ts';
import { measureMemory } from './measure/memory.ts';
import { measurePreprocess } from './measure/preprocess.ts';
import { measureStart } from './measure/start.ts';
import { measureThroughput, measureVerdicts } from './measure/verdict.ts';
import { benchRecipe, SIZES } from './models.ts';
import { startPeer } from './peer.ts';
import { type Plan, QUICK, WHOLE } from './plan.ts';
import { type Check, exitCodeOf, notRun, tableText } from './report.ts';
import { Role } from './role.ts';

const { values: given } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    peers: { type: 'boolean', default: false },
    /** Only checks whose id begins so. */
    only: { type: 'string', multiple: true, default: [] },
    /** Where models are kept and stations write; on a disk such as the station's. */
    folder: { type: 'string', default: fileURLToPath(new URL('../../.linegate/bench', import.meta.url)) },
    python: { type: 'string', default: 'python3' },
  },
});
const plan: Plan = given.quick ? QUICK : WHOLE;
const cleanups: (() => unknown)[] = [];
const cleanup = { after: (action: () => unknown): void => void cleanups.unshift(action) };
const host = hostOf();
mkdirSync(given.folder, { recursive: true });
const scratch = mkdtempSync(path.join(given.folder, 'run-'));
cleanup.after(() => rmSync(scratch, { recursive: true, force: true }));

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const wanted = (name: string): boolean => given.only.length === 0 || given.only.includes(name);

async function role(name: string, program: string, args: readonly string[]): Promise<Role> {
  process.stderr.write(`starting the ${name}\n`);
  const started = await Role.start(name, program, args);
  cleanup.after(() => started.stop());
  return started;
}

function station(recipeFolder: string, name: string, preset: 'usual' | 'dense'): Promise<Role> {
  const args = [
    '--expose-gc',
    ...nodeFlags(),
    script('./station-role.ts'),
    recipeFolder,
    path.join(scratch, name),
    preset,
  ];
  return role(`station ${name}`, process.execPath, args);
}

async function measureSize(size: (typeof SIZES)[number]): Promise<Check[]> {
  const recipe = await benchRecipe(size, given.folder);
  const bare = await role(`bare loop at ${size.sidePx} px`, process.execPath, [
    script('./bare-role.ts'),
    recipe.folder,
  ]);
  const ours = await station(recipe.folder, `at-${size.sidePx}`, 'usual');
  const peer = given.peers ? await startPeer(given.python, recipe, scratch, cleanup) : undefined;
  const contest = { bare, station: ours, peer: peer instanceof Role ? peer : undefined };
  const checks = [...(await measureVerdicts(size, contest, plan)), await measureThroughput(size, contest, plan)];
  for (const done of [bare, ours]) await done.stop();
  if (peer instanceof Role) await peer.stop();
  if (typeof peer === 'string') checks.push(notRun(`peer-${size.sidePx}`, 'the Python loop', peer));
  return checks;
}

/** The checks that need no model of a real size. */
async function measureUpkeep(): Promise<Check[]> {
  const tiny = path.join(scratch, 'tiny');
  writeTinyRecipe(tiny);
  const checks: Check[] = [];
  if (wanted('memory')) {
    const measured = await station(tiny, 'rss-growth', 'dense');
    checks.push(await measureMemory('rss-growth', measured, plan));
    await measured.stop();
  }
  if (!wanted('disk')) return checks;
  const stations = new Map<number, Role>();
  for (const perSecond of DISK_RATES) stations.set(perSecond, await station(tiny, `disk-${perSecond}`, 'usual'));
  return [...checks, ...(await measureDisk(stations, plan))];
}

async function measureAll(): Promise<Check[]> {
  const checks: Check[] = [];
  for (const size of SIZES) {
    if (wanted('preprocess')) checks.push(measurePreprocess(size, plan.preprocessRuns));
    if (wanted(String(size.sidePx))) checks.push(...(await measureSize(size)));
  }
  if (wanted('start')) {
    const { folder } = await benchRecipe(SIZES[1], given.folder);
    checks.push(await measureStart(folder, scratch, plan.starts));
  }
  return [...checks, ...(await measureUpkeep())];
}

try {
  const checks = await measureAll();
  const exitCode = exitCodeOf(checks);
  const document = { pass: exitCode === 0, host: { ...host, loadAfter: hostOf()['load'] }, checks };
  const text = `${JSON.stringify(document.host)}\n${tableText(checks)}\n`;
  process.stdout.write(given.json ? `${JSON.stringify(document, null, 2)}\n` : text);
  process.exitCode = exitCode;
} catch (error) {
  process.stderr.write(`bench: ${messageOf(error)}\n`);
  process.exitCode = 3;
} finally {
  for (const clean of cleanups) await clean();
}
