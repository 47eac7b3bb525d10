/**
 * The doctor under a real kernel with simulated GPIO and camera: `node test/lab/doctor.ts`. It starts the lab (LINEGATE_LAB,
 * by default ../shared/lab/boot beside the checkout). Exit 1: a check is not ok, 3: not run, for want of a lab or a compiler.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { checkoutRoot, withLab } from './boot.ts';

process.exitCode = withLab('the doctor in the lab', ({ lab, folder }) => {
  const script = [process.execPath, '--no-warnings', path.join(import.meta.dirname, 'doctor/inside.ts'), folder];
  const env = { ...process.env, MEM: '2G' };
  return spawnSync(lab, script, { cwd: checkoutRoot, env, stdio: 'inherit', timeout: 280_000 }).status ?? 1;
});
