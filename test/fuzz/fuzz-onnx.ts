import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { CaseAnswer } from './case-protocol.ts';

/** How many damaged files, and which: the same seed gives the same files. */
export interface FuzzOptions {
  readonly mutations: number;
  readonly seed: number;
}

/** How they ended. */
export interface FuzzFigures {
  readonly mutations: number;
  /** A whole INT8 model was made of it. */
  readonly made: number;
  /** Refused in one plain sentence. */
  readonly sentences: number;
  /** Of those, read otherwise than onnxruntime does, which the check of the outputs found. */
  readonly misread: number;
  /** Ended the process, or with anything but one plain sentence. */
  readonly crashes: number;
  /** Took longer than 10 s. */
  readonly hangs: number;
  readonly slowestMs: number;
  /** The most memory of any process. */
  readonly peakMb: number;
  /** What is worth a look: crashes, hangs, files that were misread. */
  readonly notable: readonly string[];
}

const LONGEST_CASE_MS = 10_000;
const HEAP_LIMIT_MB = 512;
/** onnxruntime does not give all memory of a closed session back, so that the peak of one process would be that of all. */
const CASES_A_PROCESS = 250;
const MOST_NOTABLE = 50;

/** Damages whole ONNX files and quantises each in a child process of limited heap and time. */
export async function fuzzOnnx({ mutations, seed }: FuzzOptions): Promise<FuzzFigures> {
  const ends: Ended[] = [];
  let child: ChildProcess | undefined;
  for (let i = 0; i < mutations; i += 1) {
    if (i % CASES_A_PROCESS === 0) {
      child?.kill();
      child = undefined;
    }
    child ??= startChild();
    const ended = await askedOf(child, seed + i);
    ends.push(ended);
    if (ended.end === 'crash' || ended.end === 'hang') child = undefined;
  }
  child?.kill();
  return figuresOf(ends);
}

type Ended = Omit<CaseAnswer, 'end' | 'changes' | 'file'> & {
  readonly end: CaseAnswer['end'] | 'crash' | 'hang';
  readonly from: string;
};

function startChild(): ChildProcess {
  const program = path.join(import.meta.dirname, 'case-program.ts');
  const execArgv = ['--no-warnings', `--max-old-space-size=${HEAP_LIMIT_MB}`];
  return fork(program, [], { execArgv, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
}

async function askedOf(child: ChildProcess, seed: number): Promise<Ended> {
  // A first case also waits for the program to load.
  const signal = AbortSignal.timeout(2 * LONGEST_CASE_MS);
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  child.send({ seed });
  try {
    const [first] = await Promise.race([
      once(child, 'message', { signal: either }),
      once(child, 'exit', { signal: either }),
    ]);
    if (typeof first === 'object' && first !== null) return answered(first as CaseAnswer);
    return { seed, end: 'crash', text: `ended with ${first}`, ms: 0, peakMb: 0, from: '' };
  } catch {
    child.kill('SIGKILL');
    return { seed, end: 'hang', text: '', ms: 2 * LONGEST_CASE_MS, peakMb: 0, from: '' };
  } finally {
    stop.abort();
  }
}

function answered({ file, changes, ...answer }: CaseAnswer): Ended {
  const end = answer.ms > LONGEST_CASE_MS ? 'hang' : answer.end;
  return { ...answer, end, from: `${file}: ${changes.join(', ')}` };
}

function figuresOf(ends: readonly Ended[]): FuzzFigures {
  const count = (...kinds: readonly Ended['end'][]) => ends.filter(({ end }) => kinds.includes(end)).length;
  const notable = ends.filter(({ end }) => end !== 'made' && end !== 'sentence');
  return {
    mutations: ends.length,
    made: count('made'),
    sentences: count('sentence', 'misread'),
    misread: count('misread'),
    crashes: count('crash', 'fault'),
    hangs: count('hang'),
    slowestMs: ends.reduce((most, { ms }) => Math.max(most, ms), 0),
    peakMb: ends.reduce((most, { peakMb }) => Math.max(most, peakMb), 0),
    notable: notable
      .slice(0, MOST_NOTABLE)
      .map(({ seed, end, from, text }) => `seed ${seed} (${from}): ${end} ${text}`),
  };
}
