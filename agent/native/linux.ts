/**
 * Builds the C programs of the station into dist/native/<arch>: `node agent/native/linux.ts [--arch x64|arm64]`, by default for
 * this machine. Exit 1: does not compile, 2: no such processor, 3: no compiler for it.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { exitCodeOf, LinegateError, messageOf } from '../core/errors.ts';
import { buildLinuxPrograms, type LinuxArch } from './linux/programs.ts';

function archOf(text: string): LinuxArch {
  if (text === 'x64' || text === 'arm64') return text;
  throw new LinegateError('bad-argument', `There are no programs for ${text}; give --arch x64 or arm64.`);
}

try {
  const { values } = parseArgs({ options: { arch: { type: 'string', default: process.arch } } });
  const arch = archOf(values.arch);
  const folder = join(import.meta.dirname, '../../dist/native', arch);
  for (const path of buildLinuxPrograms({ arch, folder })) console.log(path);
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = exitCodeOf(error);
}
