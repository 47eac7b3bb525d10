import { spawn } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LinegateError, messageOf } from '../../../agent/core/errors.ts';
import type { Board } from '../boards.ts';

export interface IdfBuild {
  readonly project: string;
  readonly board: Board;
  /** The folder of what is built. */
  readonly out: string;
  /** A private key in PEM: images are signed with it, and only images signed with it are taken as updates. */
  readonly signingKey: string | undefined;
  readonly limitMs: number;
  /** Finds idf.py; a test has another. */
  readonly environment: NodeJS.ProcessEnv;
}

/** Runs `idf.py build`; what it says goes to standard error. Throws LinegateError 'missing-package' or 'device'. */
export async function idfBuild(build: IdfBuild): Promise<void> {
  const { limitMs, environment } = build;
  await writeKeyDefaults(build);
  const child = spawn('idf.py', idfArguments(build), {
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
    if (late)
      throw new LinegateError(
        'device',
        `idf.py was ended after ${limitMs / 60_000} minutes: build by hand to see why it hangs.`,
      );
    if (code !== 0)
      throw new LinegateError('device', `idf.py ended with ${code ?? 'a signal'}: its last lines say why.`);
  } catch (cause) {
    throw faultOf(cause);
  } finally {
    clearTimeout(timer);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, endAll);
  }
}

/** A build folder and a configuration a board, so that boards do not undo each other's. */
export function idfArguments({
  project,
  board: { name, target },
  out,
  signingKey,
}: Omit<IdfBuild, 'environment' | 'limitMs'>): string[] {
  const signed = signingKey === undefined ? [] : ['sdkconfig.signed', keyDefaults(out)];
  const defaults = ['sdkconfig.defaults', `boards/${name}/sdkconfig.defaults`, ...signed].join(';');
  return [
    ...['-C', project, '-B', out],
    `-DIDF_TARGET=${target}`,
    `-DSDKCONFIG=${path.join(out, 'sdkconfig')}`,
    `-DSDKCONFIG_DEFAULTS=${defaults}`,
    'build',
  ];
}

/** ESP-IDF takes the path of the key from a configuration alone; the key itself is not copied. */
async function writeKeyDefaults({ out, signingKey }: IdfBuild): Promise<void> {
  // The configuration of a build before would outlive its defaults.
  await rm(path.join(out, 'sdkconfig'), { force: true });
  if (signingKey === undefined) return;
  await mkdir(out, { recursive: true });
  await writeFile(keyDefaults(out), `CONFIG_SECURE_BOOT_SIGNING_KEY=${JSON.stringify(signingKey)}\n`);
}

function keyDefaults(out: string): string {
  return path.join(out, 'signing-key.defaults');
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
