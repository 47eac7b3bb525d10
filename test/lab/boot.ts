import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LinegateError } from '../../agent/core/errors.ts';
import { buildLinuxPrograms } from '../../agent/native/linux/programs.ts';
import { notRun } from '../support/not-run.ts';

export const checkoutRoot = path.join(import.meta.dirname, '../..');

/** Where the program is that boots the lab, and a folder with the C programs for it, which is removed afterwards. */
export interface LabPlace {
  readonly lab: string;
  readonly folder: string;
}

/** Has `run` boot the lab; returns its exit status, or 3 after saying so where there is no lab or no compiler. */
export function withLab(what: string, run: (place: LabPlace) => number): number {
  const lab = process.env['LINEGATE_LAB'] ?? path.join(checkoutRoot, '../shared/lab/boot');
  if (!existsSync(lab)) {
    notRun(what, `there is no lab at ${lab}; set LINEGATE_LAB`);
    return 3;
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'linegate-lab-'));
  try {
    buildLinuxPrograms({ arch: 'x64', folder });
    return run({ lab, folder });
  } catch (error) {
    if (!(error instanceof LinegateError) || error.code !== 'missing-package') throw error;
    notRun(what, error.message);
    return 3;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
