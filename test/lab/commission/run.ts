/**
 * `linegate commission` for real, under a kernel with simulated GPIO: `node test/lab/commission/run.ts`. It starts the lab
 * (LINEGATE_LAB, by default ../shared/lab/boot beside the checkout) and in it itself; there keys are typed into a terminal while
 * a belt goes by. One JSON `{pass, checks}`; exit 1: a check is not ok, 3: not run, for want of a lab or a compiler.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LinegateError } from '../../../agent/core/errors.ts';
import { buildLinuxPrograms } from '../../../agent/native/linux/programs.ts';
import { notRun } from '../../support/not-run.ts';
import { runWalks } from './walks.ts';

const root = path.join(import.meta.dirname, '../../..');
const what = 'linegate commission in the lab';

function outside(lab: string): number {
  if (!existsSync(lab)) {
    notRun(what, `there is no lab at ${lab}; set LINEGATE_LAB`);
    return 3;
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'commission-lab-'));
  try {
    buildLinuxPrograms({ arch: 'x64', folder });
    const script = [process.execPath, '--no-warnings', import.meta.filename, folder];
    const { status } = spawnSync(lab, script, { cwd: root, stdio: 'inherit', timeout: 280_000 });
    return status ?? 1;
  } catch (error) {
    if (!(error instanceof LinegateError) || error.code !== 'missing-package') throw error;
    notRun(what, error.message);
    return 3;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (process.env['LAB_CHIP'] === undefined) {
  process.exitCode = outside(process.env['LINEGATE_LAB'] ?? path.join(root, '../shared/lab/boot'));
} else {
  // A walk that failed leaves processes, which end with the kernel.
  process.exit(await runWalks(process.argv[2] ?? ''));
}
