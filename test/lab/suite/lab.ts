import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Check, Round } from '../../faults/check.ts';
import { nodeFlags } from '../../support/node-flags.ts';

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
  const env = { ...process.env, NODE_COMPILE_CACHE: path.join(programs, 'cache') };
  const simulate = [path.join(root, 'cli/linegate.ts'), 'simulate', '--parts', '3', '--json', '--state', folder];
  for (const script of [[insideFile], [...nodeFlags(), ...simulate]]) {
    spawnSync(process.execPath, ['--no-warnings', ...script], { env, stdio: 'ignore', timeout: 60_000 });
  }
  rmSync(folder, { recursive: true, force: true });
}

export const checksFile = 'checks.json';

/** Boots the lab, runs one of `inside/` in it and returns its checks. Rejects when the lab ends without any. */
export async function inLab(round: LabRound, name: string, run: LabRun): Promise<Check[]> {
  const out = mkdtempSync(path.join(round.folder, `${name}-`));
  const env = ['/usr/bin/env', `NODE_COMPILE_CACHE=${path.join(round.programs, 'cache')}`];
  const script = [...env, process.execPath, '--no-warnings', insideFile, name, round.programs, run.peersFolder ?? ''];
  const mode = run.time === undefined ? [] : ['--virtual-time'];
  const program = run.time === 'exact' ? round.exactLab : round.lab;
  const child = spawn(program, [...mode, ...script, round.short ? 'short' : 'full', String(round.seed)], {
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
      for (const line of text.trimEnd().split('\n')) round.say(`  ${line}`);
    });
  }
  const [status] = await once(child, 'close');
  const file = path.join(out, checksFile);
  if (!existsSync(file)) throw new Error(`the lab ended with ${status} and without checks: ${said.slice(-1500)}`);
  return JSON.parse(readFileSync(file, 'utf8')) as Check[];
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
