import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Ran {
  /** null when it was killed, also for taking too long; 127 when there is no such program. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** ms. */
  readonly tookMs: number;
}

interface RunOptions {
  readonly timeoutMs: number;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a program to its end without a terminal to ask on. */
export async function run(program: string, args: readonly string[], options: RunOptions): Promise<Ran> {
  const { timeoutMs, cwd, env = process.env } = options;
  const startedMs = performance.now();
  const child = spawn(program, args, { cwd, env, timeout: timeoutMs, stdio: ['ignore', 'pipe', 'pipe'] });
  const text = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (chunk: string) => {
      text[stream] += chunk;
    });
  const status = await once(child, 'close').then(
    ([code]) => code as number | null,
    () => 127,
  );
  return { status, ...text, tookMs: performance.now() - startedMs };
}

/** The same, of a program that must succeed. */
export async function mustRun(program: string, args: readonly string[], options: RunOptions): Promise<Ran> {
  const ran = await run(program, args, options);
  if (ran.status === 0) return ran;
  throw new Error(`${program} ${args.slice(0, 3).join(' ')} ended with ${ran.status}: ${lastOf(ran)}`);
}

/** The end of what a program said, for a sentence. */
export function lastOf({ stdout, stderr }: Ran): string {
  return `${stdout}\n${stderr}`.trim().split('\n').slice(-3).join(' ');
}

/** Whether a program is installed. */
export async function has(program: string): Promise<boolean> {
  return (await run('sh', ['-c', 'command -v "$1"', 'sh', program], { timeoutMs: 10_000 })).status === 0;
}
