import path from 'node:path';
import { notRun } from '../faults/check.ts';
import { build } from './cmake.ts';
import { consoleChecks } from './esp/console.ts';
import { type Bench, flashChecks } from './esp/flashing.ts';
import { buildPty } from './esp/pty.ts';
import { clangBuild } from './host.ts';
import { missingPrograms } from './programs.ts';
import type { FirmwareSuite } from './suite.ts';

/** `linegate esp` as a process, over pseudo-terminals: against scripted ROM loaders, and the firmware's own provisioning. */
export const espCliSuite: FirmwareSuite = {
  name: 'esp-cli',
  run: async (run) => {
    const lacking = missingPrograms(['cmake', 'ninja', 'clang-19', 'clang++-19']);
    if (lacking.length > 0) return [notRun('firmware.esp-cli', `${lacking.join(', ')} not installed`)];
    const host = { ...clangBuild(run), id: 'firmware.esp-cli' };
    const built = await build(host);
    if (!built.ok) return [built];
    const ends: (() => unknown)[] = [];
    const bench: Bench = { folder: run.folder, pty: await buildPty(run.folder), after: (end) => void ends.push(end) };
    try {
      const flashing = await flashChecks(bench);
      return [
        built,
        ...flashing,
        ...(await consoleChecks(bench, path.join(host.folder, 'test/provisioning/provisioning_console'))),
      ];
    } finally {
      for (const end of ends.reverse()) await end();
    }
  },
};
