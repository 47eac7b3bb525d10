import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const MOST_OUTPUT = 200_000;

/** How a program ended. */
export interface Ended {
  /** Null when a signal ended it, as after its time was up. */
  readonly status: number | null;
  /** The end of what it said. */
  readonly output: string;
}

/** The programs of these that are not installed. */
export function missingPrograms(programs: readonly string[]): string[] {
  return programs.filter((program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).error !== undefined);
}

/** Runs a program to its end, or until its time is up; never rejects. */
export function runProgram(
  program: string,
  args: readonly string[],
  timeoutMs: number,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { timeout: timeoutMs, killSignal: 'SIGKILL', env: environment } as const;
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-MOST_OUTPUT);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => resolve({ status: null, output: error.message }));
    child.on('close', (status) => resolve({ status, output }));
  });
}

/** The last lines of an output, for a check's value. */
export function tail(output: string): string {
  return output.trim().split('\n').slice(-6).join(' | ').slice(-600);
}

/** How many lines a file has. */
export function linesOf(file: string): number {
  return readFileSync(file, 'utf8').trimEnd().split('\n').length;
}
