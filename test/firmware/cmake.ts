import path from 'node:path';
import { type Check, equals } from '../faults/check.ts';
import { runProgram, tail } from './programs.ts';

export const firmwareFolder = path.join(import.meta.dirname, '../../firmware/esp32-tflm');

const CONFIGURE_MS = 120_000;
const BUILD_MS = 900_000;
const TESTS_MS = 900_000;

/** A build of firmware/esp32-tflm/host. */
export interface Build {
  /** Of its checks: `firmware.host.clang`. */
  readonly id: string;
  readonly folder: string;
  /** For the first call of cmake, as `-DNAME=VALUE`. */
  readonly settings: readonly string[];
}

/** Configures and builds; the check `.build` says whether it did. */
export async function build({ id, folder, settings }: Build): Promise<Check> {
  const source = path.join(firmwareFolder, 'host');
  const configured = await runProgram('cmake', ['-S', source, '-B', folder, '-G', 'Ninja', ...settings], CONFIGURE_MS);
  const built = configured.status === 0 ? await runProgram('cmake', ['--build', folder], BUILD_MS) : configured;
  return equals(`${id}.build`, built.status === 0 ? 'builds' : tail(built.output), 'builds');
}

/**
 * Runs the tests of a build, or those that `select` (a regular expression) names and `except` does not; the check `.tests` counts
 * those that failed.
 */
export async function tests({ id, folder }: Build, select = '.', except = '^$'): Promise<Check> {
  const args = ['--test-dir', folder, '-j', '2', '--output-on-failure', '--timeout', '600', '-R', select, '-E', except];
  const { output } = await runProgram('ctest', args, TESTS_MS);
  const [, failed, all] = /(\d+) tests failed out of (\d+)/.exec(output) ?? [];
  const sound = failed === '0' && Number(all) > 0;
  return equals(`${id}.tests`, sound ? '0 failed' : tail(output), '0 failed');
}
