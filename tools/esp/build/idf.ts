import { spawn } from 'node:child_process';
import path from 'node:path';
import { LinegateError, messageOf } from '../../../agent/core/errors.ts';
import type { Board } from '../boards.ts';

export interface IdfBuild {
  readonly project: string;
  readonly board: Board;
  /** The folder of what is built. */
  readonly out: string;
  readonly limitMs: number;
  /** Finds idf.py; a test has another. */
  readonly environment: NodeJS.ProcessEnv;
}

/** Runs `idf.py build`; what it says goes to standard error. Throws LinegateError 'missing-package' or 'device'. */
export async function idfBuild({ project, board, out, limitMs, environment }: IdfBuild): Promise<void> {
  const child = spawn('idf.py', idfArguments(project, board, out), {
    env: environment,
    stdio: ['ignore', process.stderr.fd, process.stderr.fd],
    // A group of its own, so that the compilers that it started end with it.
    detached: true,
  });
  const endAll = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    } catch {
      // It ended by itself.
    }
  };
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    endAll();
  }, limitMs);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, endAll);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    if (late) throw new LinegateError('device', `idf.py was ended after ${limitMs / 60_000} minutes: build by hand to see why it hangs.`);
    if (code !== 0) throw new LinegateError('device', `idf.py ended with ${code ?? 'a signal'}: its last lines say why.`);
  } catch (cause) {
    throw faultOf(cause);
  } finally {
    clearTimeout(timer);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, endAll);
  }
}

/** A build folder and a configuration a board, so that boards do not undo each other's. */
export function idfArguments(project: string, { name, target }: Board, out: string): string[] {
  const defaults = ['sdkconfig.defaults', `boards/${name}/sdkconfig.defaults`].join(';');
  return [
    ...['-C', project, '-B', out],
    `-DIDF_TARGET=${target}`,
    `-DSDKCONFIG=${path.join(out, 'sdkconfig')}`,
    `-DSDKCONFIG_DEFAULTS=${defaults}`,
    'build',
  ];
}

function faultOf(cause: unknown): LinegateError {
  if (cause instanceof LinegateError) return cause;
  if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
    return new LinegateError(
      'missing-package',
      'idf.py is not here: install ESP-IDF 5.3 or a later 5.x (docs.espressif.com, "Get Started"), then run ". export.sh" of its folder in this shell.',
      { cause },
    );
  }
  return new LinegateError('device', `idf.py does not start: ${messageOf(cause)}.`, { cause });
}
