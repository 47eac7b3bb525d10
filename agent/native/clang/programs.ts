import { spawnSync } from 'node:child_process';
import { LinegateError } from '../../core/errors.ts';

/** Throws a LinegateError 'missing-package' when one of these programs cannot be started. */
export function requirePrograms(programs: readonly string[]): void {
  const missing = programs.filter((program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status !== 0);
  if (missing.length === 0) return;
  throw new LinegateError(
    'missing-package',
    `The C code was neither built nor checked because ${missing.join(' and ')} cannot be started; install it and try again.`,
  );
}

/** Runs a program and returns what it says; shows that and throws a LinegateError 'illegal-input' when it fails. */
export function runProgram(program: string, args: readonly string[], options: { readonly cwd: string }): string {
  const { status, signal, stdout, stderr } = spawnSync(program, args, {
    cwd: options.cwd,
    encoding: 'utf8',
    maxBuffer: 2 ** 24,
  });
  if (status === 0) return `${stdout}${stderr}`;
  process.stderr.write(`${stdout}${stderr}`);
  throw new LinegateError(
    'illegal-input',
    `${program} failed with ${signal ?? `exit status ${status}`}; see its output above.`,
  );
}
