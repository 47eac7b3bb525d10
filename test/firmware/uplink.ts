import path from 'node:path';
import { notRun } from '../faults/check.ts';
import { build } from './cmake.ts';
import { clangBuild } from './host.ts';
import { missingPrograms } from './programs.ts';
import type { FirmwareSuite } from './suite.ts';
import { uplinkChecks } from './uplink/checks.ts';

/** The ledger protocol's fault suite with the firmware's ledger and uplink in place of the agent. */
export const uplinkSuite: FirmwareSuite = {
  name: 'uplink',
  run: async (run) => {
    const lacking = missingPrograms(['cmake', 'ninja', 'clang-19', 'clang++-19']);
    if (lacking.length > 0) return [notRun('firmware.uplink', `${lacking.join(', ')} not installed`)];
    const host = { ...clangBuild(run), id: 'firmware.uplink' };
    const built = await build(host);
    if (!built.ok) return [built];
    const program = path.join(host.folder, 'test/uplink/linegate-firmware-uplink');
    const { short, seed, say } = run;
    return [built, ...(await uplinkChecks({ program, short, seed, say }))];
  },
};
