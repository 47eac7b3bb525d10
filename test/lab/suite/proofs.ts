import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { LinegateError } from '../../../agent/core/errors.ts';
import { clang, warningFlags } from '../../../agent/native/clang/flags.ts';
import { requirePrograms, runProgram } from '../../../agent/native/clang/programs.ts';
import { keeperModelSources, keeperTestSources, modelFlags } from '../../../agent/native/gatekeeper/sources.ts';
import { atLeast, type Check, equals, notRun } from '../../faults/check.ts';
import type { LabRound, LabScenario } from './lab.ts';

const root = path.join(import.meta.dirname, '../../..');
const native = path.join(root, 'agent/native');
const sanitizers = ['-g', '-O2', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'];

const fuzzed = ['track', 'gatekeeper/test', 'preprocess'] as const;
const fuzzSeconds = (short: boolean): number => (short ? 5 : 600);
/** A fuzzer ends by itself after three times as long; to build it takes time as well. */
const fuzzMs = (short: boolean): number => (3 * fuzzSeconds(short) + 90) * 1000;
const beltMs = 240_000;
const modelMs = 240_000;

/** What needs no kernel of its own: the simulated belt, the model check and the fuzzers, on the very C files. */
export const proofs: LabScenario = {
  name: 'proofs',
  timeoutMs: (short) => beltMs + 2 * modelMs + fuzzed.length * fuzzMs(short) + 60_000,
  run: async (round) => {
    try {
      requirePrograms([clang]);
    } catch (error) {
      if (error instanceof LinegateError) return [notRun('proofs', error.message)];
      throw error;
    }
    return [...belt(round), ...model(round), ...fuzz(round)];
  },
};

function build(round: LabRound, name: string, sources: readonly string[], flags: readonly string[]): string {
  const program = path.join(round.folder, name);
  runProgram(clang, [...warningFlags, ...flags, ...sources, '-o', program], { cwd: native });
  return program;
}

interface Run {
  readonly status: number | null;
  readonly output: string;
}

function run(program: string, args: readonly string[], timeout: number): Run {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: root, encoding: 'utf8', timeout });
  return { status, output: `${stdout}${stderr}` };
}

/** A belt that stops and goes back at random, with and without lost pulses, under the sanitizers. */
function belt(round: LabRound): Check[] {
  const { status, output } = run(build(round, 'tests', keeperTestSources, sanitizers), ['100000'], beltMs);
  for (const line of output.trim().split('\n')) round.say(`  ${line}`);
  const number = (pattern: RegExp): number => Number(pattern.exec(output)?.[1] ?? Number.NaN);
  return [
    equals('the core’s tests: exit status', status ?? 'none', 0),
    atLeast('parts on the belt', number(/^belt: (\d+) parts/m), 100_000),
    equals('wrong ejections', number(/^belt: .*wrong ejections (\d+)/m), 0),
    equals('escapes with ready on', number(/^belt: .*escapes (\d+)/m), 0),
    equals('lost pulses that were not noticed', number(/^belt that loses pulses: .*losses not noticed (\d+)/m), 0),
    equals(
      'wrong ejections with ready on, pulses lost',
      number(/^belt that loses pulses: .*wrong ejections (\d+)/m),
      0,
    ),
    equals('pulses in the wrong order that were not noticed', number(/wrong order: .*losses not noticed (\d+)/m), 0),
    equals(
      'wrong ejections with ready on, pulses in the wrong order',
      number(/wrong order: .*wrong ejections (\d+)/m),
      0,
    ),
  ];
}

/** Every order of what can happen, up to three parts and one fault. */
function model(round: LabRound): Check[] {
  const program = build(round, 'model', keeperModelSources, modelFlags);
  return [
    ['3', '0'],
    ['2', '1'],
  ].flatMap((bounds) => {
    const { status, output } = run(program, bounds, modelMs);
    round.say(`  ${output.trim()}`);
    const states = Number(/(\d+) states/.exec(output)?.[1] ?? 0);
    const what = `${bounds.join(' parts, ')} faults`;
    return [
      equals(`invariants 2, 3 and 5 in all orders of ${what}: exit status`, status ?? 'none', 0),
      atLeast(`states of ${what}`, states, 10_000),
    ];
  });
}

/** The stored corpora and, for some time of the processor, what the fuzzers make of them, under the sanitizers. */
function fuzz(round: LabRound): Check[] {
  const seconds = fuzzSeconds(round.short);
  return fuzzed.flatMap((target) => {
    round.say(`  fuzzing ${target} for ${seconds} s of processor time`);
    const args = ['--no-warnings', 'agent/native/fuzz.ts', '--seconds', String(seconds), '--only', target];
    const { status, output } = run(process.execPath, args, fuzzMs(round.short));
    for (const line of output.trim().split('\n')) round.say(`  ${line}`);
    const used = Number(/nothing found in (\d+) s/.exec(output)?.[1] ?? 0);
    return [
      equals(`fuzzing ${target}: exit status`, status ?? 'none', 0),
      atLeast(`fuzzing ${target}: processor time, s`, used, seconds),
    ];
  });
}
