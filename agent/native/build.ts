/** Builds the WebAssembly modules; `--check` builds them aside and compares with those committed (exit 1: different, 3: no clang). */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { exitCodeOf, messageOf } from '../core/errors.ts';
import { clang, warningFlags, wasmCompileFlags, wasmLinkFlags } from './clang/flags.ts';
import { requirePrograms, runProgram } from './clang/programs.ts';

/** A WebAssembly module: every C file of one folder but `fuzz.c`, linked into one committed file. */
interface NativeModule {
  readonly folder: string;
  readonly output: string;
  /** Its memory to begin with: whole pages of 64 KiB. */
  readonly memoryPages: number;
  readonly memoryGrows: boolean;
  /** What it needs beyond the common flags. */
  readonly flags: readonly string[];
}

const modules: readonly NativeModule[] = [
  { folder: 'track', output: '../core/track/track.wasm', memoryPages: 2, memoryGrows: false, flags: [] },
  {
    folder: 'preprocess',
    output: '../core/preprocess/preprocess.wasm',
    memoryPages: 1,
    memoryGrows: true,
    flags: ['-O3', '-msimd128'],
  },
];

const here = import.meta.dirname;

function sourcesOf(folder: string): string[] {
  return readdirSync(join(here, folder))
    .filter((file) => file.endsWith('.c') && file !== 'fuzz.c')
    .sort()
    .map((file) => join(folder, file));
}

function compile(module: NativeModule, output: string): void {
  const memory = [
    `-Wl,--initial-memory=${module.memoryPages * 65_536}`,
    ...(module.memoryGrows ? [] : ['-Wl,--no-growable-memory']),
  ];
  const flags = [...wasmCompileFlags, ...warningFlags, ...module.flags, ...wasmLinkFlags, ...memory];
  runProgram(clang, [...flags, ...sourcesOf(module.folder), '-o', output], { cwd: here });
}

/** Builds all modules aside, then hands each to `use`. */
function build(use: (module: NativeModule, wasm: Buffer) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'linegate-wasm-'));
  try {
    for (const module of modules) {
      const file = join(folder, 'module.wasm');
      compile(module, file);
      use(module, readFileSync(file));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function compare(module: NativeModule, wasm: Buffer): void {
  if (wasm.equals(readFileSync(join(here, module.output)))) return;
  console.error(
    `${module.output} is not what its C source gives; run "node agent/native/build.ts" and commit the file.`,
  );
  process.exitCode = 1;
}

try {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
  requirePrograms([clang, 'wasm-ld-19']);
  build(values.check ? compare : (module, wasm) => writeFileSync(join(here, module.output), wasm));
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = exitCodeOf(error);
}
