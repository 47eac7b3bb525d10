/**
 * Fuzzes the C code under ASan and UBSan, beginning with the stored corpora: `node agent/native/fuzz.ts [--seconds 20] [--only
 * track|preprocess|gatekeeper/test]`. The seconds are of processor time for each target, so that a busy computer tries as much as
 * an idle one; it has three times as long for it, and 45 s. What it finds is a file in the folder for temporary files, named in
 * the output: run it again with that file as the only argument of the program, mend the code, and put the file into the corpus.
 * Exit 1: found something, or it did not get its time; 3: no clang.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
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

/** Processor time of all children that have ended, in s; Linux counts it in hundredths. */
function childSeconds(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

/** One run of the fuzzer: how many inputs it tried, and its coverage at the end. */
interface Tried {
  readonly runs: number;
  readonly coverage: string;
}

/** New inputs go to `found`: the stored corpus changes only by hand. */
function fuzzOnce(target: FuzzTarget, program: string, found: string, seconds: number): Tried {
  const corpus = join(here, target.folder, 'corpus');
  const limits = [`-max_total_time=${seconds}`, `-max_len=${target.largestInputBytes}`, '-timeout=10'];
  const artifacts = `-artifact_prefix=${join(tmpdir(), `linegate-${target.folder.replace('/', '-')}-`)}`;
  const folders = [found, ...(existsSync(corpus) ? [corpus] : [])];
  const text = runProgram(program, [...limits, artifacts, ...folders], { cwd: here });
  const [, runs = '0', coverage = ''] = /^#(\d+)\s+DONE\s+(cov: \d+ ft: \d+ corp: \d+)/m.exec(text) ?? [];
  return { runs: Number(runs), coverage };
}

function fuzz(target: FuzzTarget, seconds: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'linegate-fuzz-'));
  try {
    const program = join(folder, 'fuzz');
    build(target, program);
    const found = mkdtempSync(join(folder, 'found-'));
    const [fromSeconds, endMs] = [childSeconds(), performance.now() + 3000 * seconds + 45_000];
    let [runs, coverage, used] = [0, '', 0];
    while (used < seconds && performance.now() < endMs) {
      const tried = fuzzOnce(target, program, found, Math.ceil(seconds - used));
      [runs, coverage, used] = [runs + tried.runs, tried.coverage, childSeconds() - fromSeconds];
    }
    console.log(`${target.folder}: nothing found in ${used.toFixed(0)} s of processor time, ${runs} runs, ${coverage}`);
    if (used < seconds) throw new LinegateError('illegal-input', shortOf(target, seconds));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function shortOf(target: FuzzTarget, seconds: number): string {
  return `${target.folder} did not get ${seconds} s of processor time in more than three times as long; run it on an idle computer.`;
}

function chosen(name: string | undefined): readonly FuzzTarget[] {
  const found = targets.filter(({ folder }) => folder === (name ?? folder));
  if (found.length > 0) return found;
  const names = targets.map(({ folder }) => folder).join(', ');
  throw new LinegateError('bad-argument', `--only is ${name}; give one of ${names}.`);
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= 86_400) return seconds;
  throw new LinegateError('bad-argument', `--seconds is ${text}; give a whole number from 1 to 86400.`);
}

try {
  const { values } = parseArgs({ options: { seconds: { type: 'string', default: '20' }, only: { type: 'string' } } });
  requirePrograms([clang]);
  for (const target of chosen(values.only)) fuzz(target, secondsOf(values.seconds));
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = exitCodeOf(error);
}
