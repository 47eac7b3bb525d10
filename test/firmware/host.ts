import { globSync } from 'node:fs';
import path from 'node:path';
import { type Check, equals, notRun } from '../faults/check.ts';
import { type Build, build, firmwareFolder, tests } from './cmake.ts';
import { missingPrograms, runProgram, tail } from './programs.ts';
import type { FirmwareRun, FirmwareSuite } from './suite.ts';

const compilers = [
  { name: 'clang', c: 'clang-19', cxx: 'clang++-19' },
  { name: 'gcc', c: 'gcc', cxx: 'g++' },
] as const;

const TIDY_MS = 1_200_000;
const FORMAT_MS = 60_000;

/** The build with clang, sanitizers on; other suites take programs from it. */
export function clangBuild({ folder }: FirmwareRun): Build {
  return hostBuild(folder, compilers[0]);
}

function hostBuild(folder: string, { name, c, cxx }: (typeof compilers)[number]): Build {
  const settings = [`-DCMAKE_C_COMPILER=${c}`, `-DCMAKE_CXX_COMPILER=${cxx}`, '-DLINEGATE_SANITIZE=ON'];
  return { id: `firmware.host.${name}`, folder: path.join(folder, name), settings };
}

/** All portable components and their tests on this computer, under the sanitizers; then clang-tidy and clang-format. */
export const hostSuite: FirmwareSuite = {
  name: 'host',
  run: async (run) => {
    const checks: Check[] = [];
    for (const compiler of compilers) {
      const lacking = missingPrograms(['cmake', 'ninja', compiler.c, compiler.cxx]);
      const host = hostBuild(run.folder, compiler);
      run.say(`${host.id} ...`);
      if (lacking.length > 0) checks.push(notRun(host.id, `${lacking.join(', ')} not installed`));
      else checks.push(...(await buildAndTest(host)));
    }
    run.say('firmware.host.tidy ...');
    return [...checks, await tidy(clangBuild(run)), await format()];
  },
};

async function buildAndTest(host: Build): Promise<Check[]> {
  const built = await build(host);
  return built.ok ? [built, await tests(host)] : [built];
}

async function tidy({ folder }: Build): Promise<Check> {
  const id = 'firmware.host.tidy';
  const [program] = ['clang-tidy-19'];
  if (missingPrograms([program]).length > 0) return notRun(id, `${program} is not installed`);
  const files = globSync('{components,test}/**/*.cc', { cwd: firmwareFolder }).filter(isBuiltHere);
  const args = ['-p', folder, '--quiet', ...files.map((file) => path.join(firmwareFolder, file))];
  const { status, output } = await runProgram(program, args, TIDY_MS);
  const findings = output.split('\n').filter((line) => / (error|warning): /.test(line));
  const clean = status === 0 && findings.length === 0;
  return equals(id, clean ? '0 findings' : tail(findings.join('\n') || output), '0 findings');
}

/** Edge files need ESP-IDF's declarations, and bare metal's are built for another processor. */
function isBuiltHere(file: string): boolean {
  return !/^components\/(esp_(?!mqtt_uplink|camera_source\/src\/frame_shelf)|tflm_)|^test\/(bare|tflm|idf)/.test(file);
}

async function format(): Promise<Check> {
  const id = 'firmware.host.format';
  const program = 'clang-format-19';
  if (missingPrograms([program]).length > 0) return notRun(id, `${program} is not installed`);
  const files = globSync('{components,test,main}/**/*.{cc,h}', { cwd: firmwareFolder });
  const args = ['--dry-run', '--Werror', ...files.map((file) => path.join(firmwareFolder, file))];
  const { status, output } = await runProgram(program, args, FORMAT_MS);
  return equals(id, status === 0 ? 'formatted' : tail(output), 'formatted');
}
