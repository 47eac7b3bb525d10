/**
 * linegate-v4l2 and the stream camera under a real kernel with its virtual camera: `node test/lab/camera.ts [figures] [recovery] [contract]`.
 * It starts the lab (LINEGATE_LAB, by default ../shared/lab/boot beside the checkout). Exit 1: a check is not ok, 3: not run,
 * for want of a lab or a compiler.
 */
import { spawnSync } from 'node:child_process';
import { loadavg } from 'node:os';
import path from 'node:path';
import { checkoutRoot, type LabPlace, withLab } from './boot.ts';

/** Frames and triggers where time stands still while nothing happens; all else in real time. */
const parts = { figures: ['--virtual-time'], recovery: [], contract: [] } as const;

function runPart(part: keyof typeof parts, { lab, folder }: LabPlace): number {
  console.error(`${part}: load of this computer ${loadavg()[0]?.toFixed(1)}`);
  const inside = path.join(import.meta.dirname, 'camera');
  const run = part === 'contract' ? [path.join(inside, 'contract.ts')] : [path.join(inside, 'inside.ts'), part];
  const program = path.join(folder, 'linegate-v4l2');
  const script = [...parts[part], process.execPath, '--no-warnings', ...run, program];
  return spawnSync(lab, script, { cwd: checkoutRoot, stdio: 'inherit', timeout: 280_000 }).status ?? 1;
}

const wanted = process.argv.slice(2);
process.exitCode = withLab('the cameras in the lab', (place) => {
  const chosen = (['figures', 'recovery', 'contract'] as const).filter(
    (part) => wanted.length === 0 || wanted.includes(part),
  );
  return Math.max(0, ...chosen.map((part) => runPart(part, place)));
});
