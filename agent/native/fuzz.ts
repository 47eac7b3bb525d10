/**
 * Fuzzes the C code under ASan and UBSan, beginning with the stored corpora: `node agent/native/fuzz.ts [--seconds 20]`, which is
 * the time for each target. What it finds is a file in the folder for temporary files, named in the output: run it again with
 * that file as the only argument of the program, mend the code, and put the file into the corpus. Exit 1: found something, 3: no
 * clang.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { exitCodeOf, LinegateError, messageOf } from '../core/errors.ts';
import { clang, warningFlags } from './clang/flags.ts';
import { requirePrograms, runProgram } from './clang/programs.ts';
import { keeperSources } from './gatekeeper/sources.ts';

/** A folder with `fuzz.c`, its corpus and, unless named, the C files that it is built with: all others but `wasm.c`. */
interface FuzzTarget {
  readonly folder: string;
  readonly sources?: readonly string[];
  readonly largestInputBytes: number;
  readonly flags: readonly string[];
}

const targets: readonly FuzzTarget[] = [
  // With few parts the ring is full now and then, which is what we want to see.
  { folder: 'track', largestInputBytes: 512, flags: ['-DTRACK_PARTS=16'] },
  { folder: 'preprocess', largestInputBytes: 8192, flags: [] },
  {
    folder: 'gatekeeper/test',
    sources: [...keeperSources, 'gatekeeper/test/fuzz.c'],
    largestInputBytes: 2048,
    flags: ['-DTRACK_PARTS=32', '-DPARTS_CAPACITY_MIN=64', '-DSEND_RECORDS=64'],
  },
];

const here = import.meta.dirname;
const sanitizers = ['-g', '-O1', '-fsanitize=fuzzer,address,undefined', '-fno-sanitize-recover=all'];

function sourcesOf(folder: string): string[] {
  const files = readdirSync(join(here, folder)).filter((file) => file.endsWith('.c') && file !== 'wasm.c');
  return files.map((file) => join(folder, file));
}

function build(target: FuzzTarget, program: string): void {
  const sources = target.sources ?? sourcesOf(target.folder);
  runProgram(clang, [...warningFlags, ...sanitizers, ...target.flags, ...sources, '-o', program], { cwd: here });
}

/** New inputs go to a folder of their own: the stored corpus changes only by hand. */
function fuzz(target: FuzzTarget, seconds: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'linegate-fuzz-'));
  try {
    const program = join(folder, 'fuzz');
    build(target, program);
    const found = mkdtempSync(join(folder, 'found-'));
    const corpus = join(here, target.folder, 'corpus');
    const limits = [`-max_total_time=${seconds}`, `-max_len=${target.largestInputBytes}`, '-timeout=10'];
    const output = [
      '-verbosity=0',
      `-artifact_prefix=${join(tmpdir(), `linegate-${target.folder.replace('/', '-')}-`)}`,
    ];
    runProgram(program, [...limits, ...output, found, ...(existsSync(corpus) ? [corpus] : [])], { cwd: here });
    console.log(`${target.folder}: nothing found in ${seconds} s`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= 86_400) return seconds;
  throw new LinegateError('bad-argument', `--seconds is ${text}; give a whole number from 1 to 86400.`);
}

try {
  const { values } = parseArgs({ options: { seconds: { type: 'string', default: '20' } } });
  requirePrograms([clang]);
  for (const target of targets) fuzz(target, secondsOf(values.seconds));
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = exitCodeOf(error);
}
