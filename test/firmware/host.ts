import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Check, equals, notRun } from '../faults/check.ts';
import { type Build, build, firmwareFolder, tests } from './cmake.ts';
import { missingPrograms, runProgram, tail } from './programs.ts';
import type { FirmwareRun, FirmwareSuite } from './suite.ts';

const compilers = [
  { name: 'clang', c: 'clang-19', cxx: 'clang++-19' },
  { name: 'gcc', c: 'gcc', cxx: 'g++' },
] as const;

const TIDY = 'clang-tidy-19';
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
  if (missingPrograms([TIDY]).length > 0) return notRun(id, `${TIDY} is not installed`);
  const files = filesOf(folder);
  const halves = [files.filter((_, i) => i % 2 === 0), files.filter((_, i) => i % 2 === 1)];
  const ended = await Promise.all(halves.map((half) => runProgram(TIDY, ['-p', folder, '--quiet', ...half], TIDY_MS)));
  const output = ended.map((each) => each.output).join('\n');
  const findings = output.split('\n').filter((line) => / (error|warning): /.test(line));
  const clean = files.length > 0 && ended.every(({ status }) => status === 0) && findings.length === 0;
  return equals(id, clean ? '0 findings' : tail(findings.join('\n') || output), '0 findings');
}

/** Our C++ as the build knows it; the agent's C has rules of its own. */
function filesOf(folder: string): string[] {
  const file = path.join(folder, 'compile_commands.json');
  if (!existsSync(file)) return [];
  const commands: readonly { readonly file: string }[] = JSON.parse(readFileSync(file, 'utf8'));
  return commands.map((command) => path.resolve(folder, command.file)).filter((name) => name.endsWith('.cc'));
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
