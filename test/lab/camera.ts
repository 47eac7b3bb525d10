/**
 * linegate-v4l2 and the stream camera under a real kernel with its virtual camera: `node test/lab/camera.ts [figures] [recovery] [contract]`.
 * It starts the lab (LINEGATE_LAB, by default ../shared/lab/boot beside the checkout). Exit 1: a check is not ok, 3: not run,
 * for want of a lab or a compiler.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { LinegateError } from '../../agent/core/errors.ts';
import { buildLinuxPrograms } from '../../agent/native/linux/programs.ts';
import { notRun } from '../support/not-run.ts';

const root = path.join(import.meta.dirname, '../..');
const lab = process.env['LINEGATE_LAB'] ?? path.join(root, '../shared/lab/boot');
const what = 'the cameras in the lab';
/** Frames and triggers where time stands still while nothing happens; all else in real time. */
const parts = { figures: ['--virtual-time'], recovery: [], contract: [] } as const;

function runPart(part: keyof typeof parts, program: string): number {
  console.error(`${part}: load of this computer ${loadavg()[0]?.toFixed(1)}`);
  const inside = path.join(import.meta.dirname, 'camera');
  const run = part === 'contract' ? [path.join(inside, 'contract.ts')] : [path.join(inside, 'inside.ts'), part];
  const script = [...parts[part], process.execPath, '--no-warnings', ...run, program];
  const { status } = spawnSync(lab, script, { cwd: root, stdio: 'inherit', timeout: 280_000 });
  return status ?? 1;
}

function run(): number {
  if (!existsSync(lab)) {
    notRun(what, `there is no lab at ${lab}; set LINEGATE_LAB`);
    return 3;
  }
  const wanted = process.argv.slice(2);
  const folder = mkdtempSync(path.join(tmpdir(), 'camera-lab-'));
  try {
    buildLinuxPrograms({ arch: 'x64', folder });
    const program = path.join(folder, 'linegate-v4l2');
    const statuses = (['figures', 'recovery', 'contract'] as const)
      .filter((part) => wanted.length === 0 || wanted.includes(part))
      .map((part) => runPart(part, program));
    return Math.max(0, ...statuses);
  } catch (error) {
    if (!(error instanceof LinegateError) || error.code !== 'missing-package') throw error;
    notRun(what, error.message);
    return 3;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

process.exitCode = run();
