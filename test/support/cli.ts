import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Cleanup } from './cleanup.ts';
import { nodeEnvironment, nodeFlags } from './node-flags.ts';

/** The folder that holds package.json. */
export const checkout = fileURLToPath(new URL('../../', import.meta.url));

/** How a `linegate` process ended and what it printed. */
export interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  /** Beside, or in place of, the environment of the tests. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Flags of Node beside those of a station. */
  readonly nodeFlags?: readonly string[];
  /** A command that runs it, such as `strace -f`. */
  readonly under?: readonly string[];
  /** The user that runs it. */
  readonly uid?: number;
  /** A process that takes longer is killed and fails the test; 60,000 when left out. */
  readonly timeoutMs?: number;
}

/** A `linegate` process in a process group of its own, as a shell or a service manager would start it. */
export class Cli {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  stdout = '';
  stderr = '';
  readonly #child: ChildProcess;
  readonly #command: string;
  #check: () => void = () => undefined;

  /** The process is gone, with all that it started, when the test ends. */
  constructor(t: Cleanup, args: readonly string[], options: CliOptions = {}) {
    const [program = process.execPath, ...rest] = [
      ...(options.under ?? []),
      process.execPath,
      ...nodeFlags(),
      ...(options.nodeFlags ?? []),
      entry,
      ...args,
    ];
    const { env = {}, cwd = checkout, uid, timeoutMs = 60_000 } = options;
    this.#command = `linegate ${args.join(' ')}`;
    this.#child = spawn(program, rest, {
      cwd,
      env: { ...inherited(), ...nodeEnvironment(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      ...(uid === undefined ? {} : { uid, gid: uid }),
    });
    this.pid = this.#child.pid ?? 0;
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
      this.#check();
    });
    this.ended = this.#watch(timeoutMs);
    this.ended.catch(() => undefined);
    t.after(() => this.killGroup('SIGKILL'));
  }

  /** A signal to the process alone. */
  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** A signal to the process and all that it started, as from Ctrl-C in a terminal. */
  killGroup(signal: NodeJS.Signals): void {
    try {
      if (this.pid > 0) process.kill(-this.pid, signal);
    } catch {
      // They are gone.
    }
  }

  /** Resolves once it has printed, on stderr, what matches; rejects when it ends before. */
  async says(pattern: RegExp): Promise<void> {
    const said = new Promise<void>((resolve) => {
      this.#check = () => {
        if (pattern.test(this.stderr)) resolve();
      };
      this.#check();
    });
    const first = await Promise.race([said, this.ended]);
    if (first !== undefined && !pattern.test(this.stderr)) throw this.#failure(`ended before it said ${pattern}`);
  }

  #watch(timeoutMs: number): Promise<Ended> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.killGroup('SIGKILL');
        reject(this.#failure(`was not done after ${timeoutMs} ms`));
      }, timeoutMs);
      this.#child.on('error', (error) => {
        clearTimeout(timer);
        reject(error);
      });
      this.#child.on('close', (exitCode, signal) => {
        clearTimeout(timer);
        resolve({ exitCode, signal, stdout: this.stdout, stderr: this.stderr });
      });
    });
  }

  #failure(what: string): Error {
    return new Error(`"${this.#command}" ${what}; it printed: ${this.stdout.slice(-1000)}${this.stderr.slice(-2000)}`);
  }
}

const entry = path.join(checkout, 'cli', 'linegate.ts');

/** Without what the test runner tells its own children. */
function inherited(): NodeJS.ProcessEnv {
  const { NODE_TEST_CONTEXT: _context, NODE_OPTIONS: _options, ...rest } = process.env;
  return rest;
}

/** Runs `linegate` to its end. */
export function linegate(t: Cleanup, args: readonly string[], options?: CliOptions): Promise<Ended> {
  return new Cli(t, args, options).ended;
}

/** What a command with --json printed: its standard output must be one JSON document and nothing else. */
export function document(ended: Ended): Record<string, unknown> {
  try {
    return JSON.parse(ended.stdout) as Record<string, unknown>;
  } catch {
    throw new Error(`standard output is not one JSON document: "${ended.stdout}", stderr: ${ended.stderr}`);
  }
}
