/**
 * `linegate commission` for real, under a kernel with simulated GPIO: `node test/lab/commission/run.ts`. It starts the lab
 * (LINEGATE_LAB, by default ../shared/lab/boot beside the checkout) and in it itself; there keys are typed into a terminal while
 * a belt goes by. One JSON `{pass, checks}`; exit 1: a check is not ok, 3: not run, for want of a lab or a compiler.
 */
import { spawnSync } from 'node:child_process';
import { checkoutRoot, withLab } from '../boot.ts';
import { runWalks } from './walks.ts';

if (process.env['LAB_CHIP'] === undefined) {
  process.exitCode = withLab('linegate commission in the lab', ({ lab, folder }) => {
    const script = [process.execPath, '--no-warnings', import.meta.filename, folder];
    return spawnSync(lab, script, { cwd: checkoutRoot, stdio: 'inherit', timeout: 280_000 }).status ?? 1;
  });
} else {
  // A walk that failed leaves processes, which end with the kernel.
  process.exit(await runWalks(process.argv[2] ?? ''));
}
