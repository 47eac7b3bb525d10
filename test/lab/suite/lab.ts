import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Check, Round } from '../../faults/check.ts';
import { nodeFlags } from '../../support/node-flags.ts';
import { onOneProcessor, virtualTimeNodeFlags } from '../virtual-time.ts';

/** What a scenario of the lab is run with. */
export interface LabRound extends Round {
  /** Beside programs that others use for the same. */
  readonly peers: boolean;
  /** The program that boots the lab, and the one that does with a clock that stands still while anything computes. */
  readonly lab: string;
  readonly exactLab: string;
  /** The folder with the C programs for this machine. */
  readonly programs: string;
}

export interface LabScenario {
  readonly name: string;
  readonly timeoutMs: (short: boolean) => number;
  readonly run: (round: LabRound) => Promise<readonly Check[]>;
}

export interface LabRun {
  /**
   * `virtual`: time jumps over idle waits, and by whole ticks while something computes. `exact`: it goes on in idle waits alone;
   * who waits for it busily waits for ever. Real when left out. Neither of the two says anything of lateness.
   */
  readonly time?: 'virtual' | 'exact';
  readonly seconds: number;
  readonly memory?: string;
  readonly peersFolder?: string;
}

const root = path.join(import.meta.dirname, '../../..');
const insideFile = path.join(import.meta.dirname, 'inside.ts');

/** Fills Node's cache of compiled code in the programs' folder: Node is slow to start in the lab, which reads files one by one. */
export function warmUp(programs: string): void {
  const folder = path.join(programs, 'warm');
  const env = { ...process.env, NODE_COMPILE_CACHE: path.join(programs, 'cache'), LAB_OUT: programs };
  const simulate = [path.join(root, 'cli/linegate.ts'), 'simulate', '--parts', '3', '--json', '--state', folder];
  // V8 takes its compiled code only where it has the flags that it was compiled with.
  const driver = [insideFile];
  const agent = [...nodeFlags(), ...simulate];
  for (const script of [driver, agent, [...virtualTimeNodeFlags, ...driver], [...virtualTimeNodeFlags, ...agent]]) {
    spawnSync(process.execPath, ['--no-warnings', ...script], { env, stdio: 'ignore', timeout: 60_000 });
  }
  rmSync(folder, { recursive: true, force: true });
}

export const checksFile = 'checks.json';
/** What it prints comes only when its kernel ends, for the program that boots it filters that; this file is read as it grows. */
export const progressFile = 'progress';

/** Boots the lab, runs one of `inside/` in it and returns its checks. Rejects when the lab ends without any. */
export async function inLab(round: LabRound, name: string, run: LabRun): Promise<Check[]> {
  const out = mkdtempSync(path.join(round.folder, `${name}-`));
  const env = ['/usr/bin/env', `NODE_COMPILE_CACHE=${path.join(round.programs, 'cache')}`];
  const node = [process.execPath, ...(run.time === undefined ? [] : virtualTimeNodeFlags), '--no-warnings'];
  const args = [name, round.programs, run.peersFolder ?? '', round.short ? 'short' : 'full', String(round.seed)];
  const script = [...env, ...node, insideFile, ...args];
  const [program = '', ...rest] = booted(round, run, script);
  const child = spawn(program, rest, {
    cwd: root,
    env: { ...process.env, MEM: run.memory ?? '1G', TIMEOUT: String(run.seconds), LAB_OUT: out },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  round.after(() => endGroup(child.pid));
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4000);
    });
  }
  const progress = new Progress(path.join(out, progressFile), round.say);
  const looking = setInterval(() => progress.look(), 1000);
  round.after(() => clearInterval(looking));
  const [status] = await once(child, 'close');
  clearInterval(looking);
  progress.look();
  const file = path.join(out, checksFile);
  if (!existsSync(file)) {
    const late = progress.seconds >= run.seconds ? `was ended after ${run.seconds} s` : `ended with ${status}`;
    throw new Error(`the lab ${late} and without checks: ${said.slice(-1500)}`);
  }
  return JSON.parse(readFileSync(file, 'utf8')) as Check[];
}

function booted(round: LabRound, { time }: LabRun, script: readonly string[]): string[] {
  if (time === undefined) return [round.lab, ...script];
  return onOneProcessor([time === 'exact' ? round.exactLab : round.lab, '--virtual-time', ...script]);
}

/** Says what is new in a file, with the seconds since it began. */
class Progress {
  readonly #file: string;
  readonly #say: (line: string) => void;
  readonly #startedMs = Date.now();
  #seen = 0;

  constructor(file: string, say: (line: string) => void) {
    this.#file = file;
    this.#say = say;
  }

  get seconds(): number {
    return Math.round((Date.now() - this.#startedMs) / 1000);
  }

  look(): void {
    if (!existsSync(this.#file)) return;
    const text = readFileSync(this.#file, 'utf8');
    const end = text.lastIndexOf('\n') + 1;
    if (end <= this.#seen) return;
    for (const line of text.slice(this.#seen, end).trimEnd().split('\n')) this.#say(`  ${this.seconds} s: ${line}`);
    this.#seen = end;
  }
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
