import { spawnSync } from 'node:child_process';
import { LinegateError } from '../../agent/core/errors.ts';

interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Which Debian package has it, for the sentence when it is missing. */
  readonly from: string;
}

/**
 * Runs a program and returns what it prints. Throws LinegateError 'missing-package' when it is not there, 'device' when it
 * fails, with the end of what it said.
 */
export function output(program: string, args: readonly string[], options: CommandOptions): string {
  const ran = spawnSync(program, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    timeout: 1_800_000,
  });
  if ((ran.error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT')
    throw new LinegateError('missing-package', `The program ${program} is not here; install ${options.from}.`);
  if (ran.status === 0) return ran.stdout;
  const said = `${ran.stderr ?? ''}${ran.error?.message ?? ''}`.trim().split('\n').slice(-3).join(' ');
  const how = ran.signal ?? `exit status ${ran.status}`;
  throw new LinegateError('device', `${program} ${args[0] ?? ''} failed with ${how}: ${said}`);
}
