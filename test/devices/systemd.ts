// The units, under a real systemd on a real kernel with simulated lines: npm run devices -- --only systemd
// The lab is LINEGATE_LAB, by default ../shared/lab/boot beside the checkout.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg } from 'node:os';
import path from 'node:path';
import { type Check, equals, notRun } from '../faults/check.ts';
import { pins } from '../lab/gatekeeper/pins.ts';
import { witnessFile } from './systemd/inside/poweroff.ts';
import { checksFile } from './systemd/result.ts';

const checkout = path.join(import.meta.dirname, '../..');
const lab = process.env['LINEGATE_LAB'] ?? path.join(checkout, '../shared/lab/boot');

/** Installs an unpacked package in the lab and tries its units. `tree`: what will be under `/`. */
export async function systemdChecks(tree: string, say: (line: string) => void): Promise<readonly Check[]> {
  if (!existsSync(lab)) return [notRun('systemd', `there is no lab at ${lab}; set LINEGATE_LAB`)];
  const out = mkdtempSync('/var/tmp/linegate-systemd-');
  try {
    say(`systemd: begins, load of this computer ${loadavg()[0]?.toFixed(1)}`);
    const status = await boot(tree, out, say);
    say(`systemd: the lab ended with ${status}, load ${loadavg()[0]?.toFixed(1)}`);
    const checks = existsSync(path.join(out, checksFile))
      ? readChecks(out)
      : [notRun('systemd', 'the lab told nothing')];
    return [...checks, ...poweredOff(out)];
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

async function boot(tree: string, out: string, say: (line: string) => void): Promise<number | null> {
  const inside = path.join(import.meta.dirname, 'systemd/inside.ts');
  const command = [lab, '--systemd', process.execPath, '--no-warnings', inside, tree];
  const child = spawn('taskset', ['-c', oneProcessor(), ...command], {
    cwd: checkout,
    env: { ...process.env, MEM: '2G', TIMEOUT: '900', LAB_OUT: out },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    // systemd's own lines on the console begin with colours or stand far to the right.
    for (const line of text.split('\n')) if (/^[A-Za-z\d{[]/.test(line)) say(`  ${line}`);
  });
  const [status] = (await once(child, 'close')) as [number | null];
  return status;
}

/**
 * The lab has one processor, but several processes here, which take turns at each of its system calls and page faults: where
 * they take them on one of this computer's processors, the lab runs twice as fast, and evenly.
 */
function oneProcessor(): string {
  const allowed = /^Cpus_allowed_list:.*?(\d+)$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return allowed?.[1] ?? '0';
}

function readChecks(out: string): Check[] {
  return JSON.parse(readFileSync(path.join(out, checksFile), 'utf8')) as Check[];
}

/** What the last service saw: levels, and that it was the gatekeeper that made them so. */
function poweredOff(out: string): readonly Check[] {
  const file = path.join(out, witnessFile);
  if (!existsSync(file)) return [notRun('power off: outputs', 'the machine did not come to its end in order')];
  const text = readFileSync(file, 'utf8');
  const [gate, ready, orderedNs] = (text.split('\n')[0] ?? '').split(' ');
  const sets = [...text.matchAll(/linegate-gate\S*\s.*?(\d+\.\d{6}): gpio_value: (\d+) set 0/g)];
  const after = sets.filter(([, at, pin]) => Number(at) * 1e9 > Number(orderedNs) && Number(pin) - 512 === pins.ready);
  return [
    equals('power off: level of the gate', `${gate}`, '0'),
    equals('power off: level of ready', `${ready}`, '0'),
    equals('power off: made inactive by', after.length > 0 ? 'the gatekeeper' : 'nobody', 'the gatekeeper'),
  ];
}
