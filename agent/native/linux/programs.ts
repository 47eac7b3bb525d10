import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LinegateError } from '../../core/errors.ts';
import { warningFlags } from '../clang/flags.ts';
import { runProgram } from '../clang/programs.ts';

const native = join(import.meta.dirname, '..');

/** A C program for Linux: every C file of its folders but those for WebAssembly and for fuzzing, and what it shares. */
export interface LinuxProgram {
  readonly name: string;
  readonly folders: readonly string[];
  /** Single files of other folders. */
  readonly shares?: readonly string[];
  /** Files that a test puts others in place of. */
  readonly without?: readonly string[];
}

const linuxPrograms: readonly LinuxProgram[] = [
  { name: 'linegate-gatekeeper', folders: ['gatekeeper', 'gatekeeper/core', 'track'] },
  { name: 'linegate-v4l2', folders: ['v4l2'] },
  { name: 'linegate-gpioinfo', folders: ['gpioinfo'] },
  { name: 'linegate-lateness', folders: ['lateness'], shares: ['gatekeeper/early.c'] },
];

export type LinuxArch = 'x64' | 'arm64';

export interface LinuxBuild {
  readonly arch: LinuxArch;
  /** Made when it is not there. */
  readonly folder: string;
  /** For tests: what to watch while it runs. AddressSanitizer does not run in the lab's kernel, which has too few addresses. */
  readonly sanitize?: 'undefined' | 'address,undefined';
}

const gnuNames = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' } as const;

/** Compilers in order of preference; each is a command that takes C files. */
function compilersFor(arch: LinuxArch): (readonly [string, ...string[]])[] {
  const gnu = gnuNames[arch];
  return process.arch === arch
    ? [['clang-19'], ['cc']]
    : [[`${gnu}-gcc`], ['clang-19', `--target=${gnu}`], ['clang', `--target=${gnu}`]];
}

function findCompiler(arch: LinuxArch): readonly [string, ...string[]] {
  const compilers = compilersFor(arch);
  const found = compilers.find(([program]) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0);
  if (found !== undefined) return found;
  const names = compilers.map(([program]) => program).join(' or ');
  throw new LinegateError(
    'missing-package',
    `The programs for ${arch} were not built for want of ${names}; install it.`,
  );
}

function sourcesOf(program: LinuxProgram): string[] {
  const own = program.folders.flatMap((folder) =>
    readdirSync(join(native, folder))
      .filter((file) => file.endsWith('.c') && file !== 'wasm.c' && !file.startsWith('fuzz'))
      .filter((file) => program.without?.includes(file) !== true)
      .sort()
      .map((file) => join(folder, file)),
  );
  return [...own, ...(program.shares ?? [])];
}

/** Static, so that one file runs on every distribution of that processor, whatever its C library. */
const releaseFlags = ['-O2', '-g', '-static-pie', '-fPIE', '-fstack-protector-strong', '-D_FORTIFY_SOURCE=2'];
const sanitizeFlags = (what: string): string[] => ['-O1', '-g', `-fsanitize=${what}`, '-fno-sanitize-recover=all'];

function versionFlag(): string {
  const { version } = JSON.parse(readFileSync(join(native, '../../package.json'), 'utf8')) as { version: string };
  return `-DLINEGATE_VERSION="${version}"`;
}

/**
 * Builds one program into the folder and returns its path. Throws LinegateError 'missing-package' without a compiler for that
 * processor, 'illegal-input' when it does not compile.
 */
export function buildLinuxProgram(program: LinuxProgram, build: LinuxBuild): string {
  const [compiler, ...target] = findCompiler(build.arch);
  mkdirSync(build.folder, { recursive: true });
  const codeFlags = build.sanitize === undefined ? releaseFlags : sanitizeFlags(build.sanitize);
  const flags = [...target, ...warningFlags, versionFlag(), '-I.', ...codeFlags];
  const output = join(build.folder, program.name);
  runProgram(compiler, [...flags, ...sourcesOf(program), '-o', output], { cwd: native });
  return output;
}

/** Builds all programs and returns their paths. Throws as for one. */
export function buildLinuxPrograms(build: LinuxBuild): string[] {
  return linuxPrograms.map((program) => buildLinuxProgram(program, build));
}
