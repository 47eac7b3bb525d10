/**
 * The line's contract on the real gatekeeper, under a real kernel with simulated GPIO: `node test/lab/line-contract.ts
 * [--virtual-time]`. It starts the lab (LINEGATE_LAB, by default ../shared/lab/boot beside the checkout) and in it itself. Exit
 * 1: a rule does not hold, 3: not run, for want of a lab or a compiler.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LinegateError } from '../../agent/core/errors.ts';
import { buildLinuxPrograms } from '../../agent/native/linux/programs.ts';
import { notRun } from '../support/not-run.ts';
import { exactLab } from './exact.ts';
import { runGatekeeperContract } from './gatekeeper/contract.ts';

const root = path.join(import.meta.dirname, '../..');
const what = 'the line’s contract on the real gatekeeper';

function outside(lab: string): number {
  if (!existsSync(lab)) {
    notRun(what, `there is no lab at ${lab}; set LINEGATE_LAB`);
    return 3;
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'line-contract-'));
  try {
    buildLinuxPrograms({ arch: 'x64', folder });
    const program = path.join(folder, 'linegate-gatekeeper');
    const virtual = process.argv.includes('--virtual-time');
    const boot = virtual ? exactLab(lab, path.join(folder, 'lab')) : lab;
    const time = virtual ? 'exact' : 'real';
    const script = [process.execPath, '--no-warnings', import.meta.filename, program, time];
    // The lab ends itself, with all that it has started.
    const env = { ...process.env, TIMEOUT: '240' };
    const { status, stdout } = spawnSync(boot, [...(virtual ? ['--virtual-time'] : []), ...script], {
      cwd: root,
      encoding: 'utf8',
      env,
    });
    process.stdout.write(stdout);
    return judged(status, stdout);
  } catch (error) {
    if (!(error instanceof LinegateError) || error.code !== 'missing-package') throw error;
    notRun(what, error.message);
    return 3;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A lab whose kernel stopped, or that shows no test, has proved nothing. */
function judged(status: number | null, output: string): number {
  const passed = Number(/pass (\d+)/.exec(output)?.[1] ?? 0);
  if (status !== 0 && passed > 0) return 1;
  if (status === 0 && passed > 0) return 0;
  notRun(what, `the lab ended with ${status} and showed no result`);
  return 3;
}

if (process.env['LAB_CHIP'] === undefined) {
  process.exitCode = outside(process.env['LINEGATE_LAB'] ?? path.join(root, '../shared/lab/boot'));
} else runGatekeeperContract(process.argv[2] ?? '', process.argv[3] === 'exact' ? 'exact' : 'real');
