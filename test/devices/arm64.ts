import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Check, equals, notRun } from '../faults/check.ts';
import { ownVersion } from './package/built.ts';
import { lastOf, type Ran, run } from './package/program.ts';
import type { DeviceRound } from './round.ts';

const lab = process.env['LINEGATE_LAB_ARM64'] ?? path.join(import.meta.dirname, '../../../shared/lab/arm64');
const parts = 50;
const node = 'usr/lib/linegate/bin/node';
const script = 'usr/lib/linegate/linegate.js';

/** Runs linegate with these arguments from an unpacked package. */
type Linegate = (...args: readonly string[]) => Promise<Ran>;

/** The package for arm64 as it would run on a Raspberry Pi, in emulation, and its verdicts beside those of amd64. */
export async function arm64({ packages, folder }: DeviceRound): Promise<readonly Check[]> {
  if (!existsSync(lab)) return [notRun('arm64', `there is no lab at ${lab}; set LINEGATE_LAB_ARM64`)];
  if (process.getuid?.() !== 0) return [notRun('arm64', 'needs root')];
  const tree = await packages.unpacked('arm64', folder);
  const own = await packages.unpacked('amd64', folder);
  const timeoutMs = 900_000;
  const emulated: Linegate = (...args) => run(lab, [tree, `/app/${node}`, `/app/${script}`, ...args], { timeoutMs });
  const native: Linegate = (...args) =>
    run(path.join(own, node), [path.join(own, script), ...args], {
      timeoutMs,
      cwd: own,
      env: { ORT_DISABLE_TELEMETRY: '1' },
    });
  const verdicts = { arm64: await sorted(emulated), amd64: await sorted(native) };
  return [
    equals('version', saidBy(await emulated('--version')), ownVersion()),
    equals('gatekeeper', saidBy(await gatekeeper(tree)), `linegate-gatekeeper ${ownVersion()}`),
    await doctorCheck(emulated),
    equals('verdicts', verdicts.arm64.length, parts),
    equals('verdicts that are not as on amd64', differences(verdicts.arm64, verdicts.amd64), 0),
  ];
}

function gatekeeper(tree: string): Promise<Ran> {
  return run(lab, [tree, '/app/usr/lib/linegate/linegate-gatekeeper', '--version'], { timeoutMs: 60_000 });
}

function saidBy(ran: Ran): string {
  return ran.status === 0 ? ran.stdout.trim() : lastOf(ran);
}

/** No check of the computer fails; most find nothing to look at, for there is no kernel of its own. */
async function doctorCheck(linegate: Linegate): Promise<Check> {
  const ran = await linegate('doctor', '--json');
  const { findings = [] } = JSON.parse(ran.stdout) as {
    readonly findings?: readonly { readonly id: string; readonly state: string }[];
  };
  const failed = findings.filter(({ state }) => state === 'fail').map(({ id }) => id);
  const value = findings.length === 0 ? lastOf(ran) : failed.join(' ') || 'none';
  return equals('failed checks of doctor', value, 'none');
}

/** The records of simulated parts, with the real model and ledger: part, outcome and label. */
async function sorted(linegate: Linegate): Promise<readonly string[]> {
  const options = ['--virtual-time', '--parts', String(parts), '--seed', '11', '--classifier', 'model'];
  const done = await linegate('simulate', ...options, '--ledger', 'sqlite', '--state', 'state', '--json');
  if (done.status !== 0) throw new Error(`The simulation ended with ${done.status}: ${lastOf(done)}`);
  const { stdout } = await linegate('ledger', 'export', '--state', 'state', '--format', 'jsonl');
  return stdout.trim().split('\n').flatMap(verdictIn);
}

interface Row {
  readonly kind: string;
  readonly part: number;
  readonly outcome: string;
  readonly payload: { readonly label?: string };
}

function verdictIn(line: string): string | [] {
  const { kind, part, outcome, payload } = JSON.parse(line) as Row;
  return kind === 'part' ? JSON.stringify([part, outcome, payload.label]) : [];
}

function differences(some: readonly string[], others: readonly string[]): number {
  return some.filter((verdict, at) => verdict !== others[at]).length + Math.abs(some.length - others.length);
}
