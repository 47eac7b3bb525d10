/**
 * The line's contract on the real gatekeeper, under a real kernel with simulated GPIO: `node test/lab/line-contract.ts
 * [--virtual-time]`. It starts the lab (LINEGATE_LAB, by default ../shared/lab/boot beside the checkout) and in it itself. Exit
 * 1: a rule does not hold, 3: not run, for want of a lab or a compiler.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { notRun } from '../support/not-run.ts';
import { checkoutRoot, type LabPlace, withLab } from './boot.ts';
import { nodeByExactClock } from './exact.ts';
import { runGatekeeperContract } from './gatekeeper/contract.ts';

const what = 'the line’s contract on the real gatekeeper';

function outside({ lab, folder }: LabPlace): number {
  const virtual = process.argv.includes('--virtual-time');
  const program = path.join(folder, 'linegate-gatekeeper');
  const script = ['--no-warnings', import.meta.filename, program, virtual ? 'exact' : 'real'];
  const node = virtual ? nodeByExactClock(lab, path.join(folder, 'lab')) : [lab, process.execPath];
  const [boot = '', ...args] = node;
  const { status, stdout } = spawnSync(boot, [...args, ...script], {
    cwd: checkoutRoot,
    encoding: 'utf8',
    // The lab ends itself, with all that it has started.
    env: { ...process.env, TIMEOUT: '240' },
  });
  process.stdout.write(stdout);
  return judged(status, stdout);
}

/** A lab whose kernel stopped, or that shows no test, has proved nothing. */
function judged(status: number | null, output: string): number {
  const passed = Number(/pass (\d+)/.exec(output)?.[1] ?? 0);
  if (status !== 0 && passed > 0) return 1;
  if (status === 0 && passed > 0) return 0;
  notRun(what, `the lab ended with ${status} and showed no result`);
  return 3;
}

if (process.env['LAB_CHIP'] === undefined) process.exitCode = withLab(what, outside);
else runGatekeeperContract(process.argv[2] ?? '', process.argv[3] === 'exact' ? 'exact' : 'real');
