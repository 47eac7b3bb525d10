/**
 * The doctor under a real kernel with simulated GPIO and camera: `node test/lab/doctor.ts`. It starts the lab (LINEGATE_LAB,
 * by default ../shared/lab/boot beside the checkout). Exit 1: a check is not ok, 3: not run, for want of a lab or a compiler.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LinegateError } from '../../agent/core/errors.ts';
import { buildLinuxPrograms } from '../../agent/native/linux/programs.ts';
import { notRun } from '../support/not-run.ts';

const root = path.join(import.meta.dirname, '../..');
const lab = process.env['LINEGATE_LAB'] ?? path.join(root, '../shared/lab/boot');
const what = 'the doctor in the lab';

function run(): number {
  if (!existsSync(lab)) {
    notRun(what, `there is no lab at ${lab}; set LINEGATE_LAB`);
    return 3;
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'doctor-lab-'));
  try {
    buildLinuxPrograms({ arch: 'x64', folder });
    const script = [process.execPath, '--no-warnings', path.join(import.meta.dirname, 'doctor/inside.ts'), folder];
    const env = { ...process.env, MEM: '2G' };
    const { status } = spawnSync(lab, script, { cwd: root, env, stdio: 'inherit', timeout: 280_000 });
    return status ?? 1;
  } catch (error) {
    if (!(error instanceof LinegateError) || error.code !== 'missing-package') throw error;
    notRun(what, error.message);
    return 3;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

process.exitCode = run();
