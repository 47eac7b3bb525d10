// What the quantiser promises, measured: docs/quantiser.md.
import { mkdirSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { messageOf } from '../../../agent/core/errors.ts';
import { hostOf } from '../host.ts';
import { type Check, exitCodeOf, notRun, tableText } from '../report.ts';
import { Bench, type Group } from './bench.ts';
import { beside } from './checks/beside.ts';
import { fusion } from './checks/fusion.ts';
import { fuzz } from './checks/fuzz.ts';
import { onnxruntime } from './checks/onnxruntime.ts';
import { shuffle } from './checks/shuffle.ts';
import { simulator } from './checks/simulator.ts';
import { speed } from './checks/speed.ts';
import { tool } from './checks/tool.ts';

const { values: given } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    /** Runs the Python tools beside ours; otherwise their stored figures count. */
    peers: { type: 'boolean', default: false },
    /** Only checks whose id begins so. */
    only: { type: 'string', multiple: true, default: [] },
    /** Where drawn pictures and what other tools made are kept. */
    folder: { type: 'string', default: fileURLToPath(new URL('../../../.linegate/bench', import.meta.url)) },
  },
});
const groups: readonly Group[] = [simulator, onnxruntime, fusion, speed, beside, shuffle, tool, fuzz];
const host = hostOf();
const wanted = (id: string): boolean => given.only.length === 0 || given.only.some((prefix) => id.startsWith(prefix));

/** The checks of a group that are asked for; what goes wrong is told of the first and the others did not run. */
async function measured(group: Group, bench: Bench): Promise<Check[]> {
  if (!group.ids.some(wanted)) return [];
  process.stderr.write(`measuring ${group.ids.filter(wanted).join(', ')}\n`);
  try {
    return (await group.run(bench)).filter(({ id }) => wanted(id));
  } catch (error) {
    return group.ids.filter(wanted).map((id) => notRun(id, 'broke off', messageOf(error)));
  }
}

mkdirSync(given.folder, { recursive: true });
const bench = new Bench(given.folder, given.peers);
const checks: Check[] = [];
for (const group of groups) checks.push(...(await measured(group, bench)));
const exitCode = exitCodeOf(checks);
const document = { pass: exitCode === 0, host: { ...host, loadAfter: hostOf()['load'] }, checks };
const text = `${JSON.stringify(document.host)}\n${tableText(checks)}\n`;
process.stdout.write(given.json ? `${JSON.stringify(document, null, 2)}\n` : text);
process.exitCode = exitCode;
