import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { LinegateError, messageOf } from '../core/errors.ts';
import { copyFiles, syncFolder } from './durable.ts';

/** Folders beside the versions of a recipe that hold what is not yet, or no longer, one of them. */
export class Staging {
  readonly #home: string;
  readonly #incoming: string;
  readonly #replaced: string;

  constructor(home: string) {
    this.#home = home;
    const own = `${process.pid}-${randomBytes(4).toString('hex')}`;
    this.#incoming = path.join(home, `.incoming-${own}`);
    this.#replaced = path.join(home, `.replaced-${own}`);
  }

  /** A durable copy of the files of `folder`, and nothing left of installs that were killed. Gives its folder. */
  copy(folder: string, files: readonly string[]): string {
    return this.#orRefuse(() => {
      mkdirSync(this.#home, { recursive: true });
      for (const above of ['..', '../..']) syncFolder(path.join(this.#home, above));
      for (const entry of readdirSync(this.#home)) {
        if (isAbandoned(entry)) rmSync(path.join(this.#home, entry), { recursive: true, force: true });
      }
      copyFiles(folder, this.#incoming, files);
      return this.#incoming;
    });
  }

  /** Gives the copy its place; what lies there gives way. */
  moveTo(place: string): void {
    this.#orRefuse(() => {
      if (existsSync(place)) renameSync(place, this.#replaced);
      renameSync(this.#incoming, place);
      syncFolder(this.#home);
    });
  }

  /** Removes what is left. */
  clear(): void {
    for (const folder of [this.#incoming, this.#replaced]) rmSync(folder, { recursive: true, force: true });
  }

  #orRefuse<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      const message = `The recipe cannot be installed in ${this.#home} (${messageOf(cause)}); free some space or give write access.`;
      throw new LinegateError('state-folder', message, { cause });
    }
  }
}

/** Left by a process that is gone. */
function isAbandoned(entry: string): boolean {
  const pid = /^\.(?:incoming|replaced)-(\d+)-|^current\.json\.(\d+)\.tmp$/.exec(entry);
  return pid !== null && !isRunning(Number(pid[1] ?? pid[2]));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
