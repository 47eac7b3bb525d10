/**
 * `linegate commission` for real, under a kernel with simulated GPIO: `node test/lab/commission/run.ts`. It starts the lab
 * (LINEGATE_LAB, by default ../shared/lab/boot beside the checkout) and in it itself; there keys are typed into a terminal while
 * a belt goes by: by the lab's exact clock, so that what is measured is the belt's and not the host's; lateness in real time. One
 * JSON `{pass, checks}`; exit 1: a check is not ok, 3: not run, for want of a lab or a compiler.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Check } from '../../faults/check.ts';
import { report } from '../../faults/play.ts';
import { checkoutRoot, type LabPlace, withLab } from '../boot.ts';
import { nodeByExactClock } from '../exact.ts';
import { runWalks } from './walks.ts';

function walked({ lab, folder }: LabPlace, time: 'exact' | 'real'): readonly Check[] {
  const node = time === 'exact' ? nodeByExactClock(lab, path.join(folder, 'lab')) : [lab, process.execPath];
  const [program = '', ...args] = node;
  const out = path.join(folder, time);
  const file = path.join(out, 'checks.json');
  const script = ['--no-warnings', import.meta.filename, folder, time, file];
  const { status } = spawnSync(program, [...args, ...script], {
    cwd: checkoutRoot,
    stdio: 'inherit',
    env: { ...process.env, LAB_OUT: out, TIMEOUT: '280' },
  });
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Check[];
  return [{ id: `${time}: finished`, value: `the lab ended with ${status}`, limit: 'no fault', ok: false, ran: true }];
}

if (process.env['LAB_CHIP'] === undefined) {
  const status = withLab('linegate commission in the lab', (place) => {
    report([...walked(place, 'exact'), ...walked(place, 'real')], true);
    return 0;
  });
  process.exitCode ||= status;
} else {
  const [programs = '', time = '', file = ''] = process.argv.slice(2);
  await runWalks(programs, time, file);
  // A walk that failed leaves processes, which end with the kernel.
  process.exit();
}
