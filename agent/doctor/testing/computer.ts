import type { Host, PathFacts, Ran, Space, User } from '../host.ts';

/** A computer that is made of texts. */
export interface Computer {
  /** Texts by path; folders are those that the paths imply. */
  readonly files: Readonly<Record<string, string>>;
  /** Devices by path, and whether this user may use them. */
  readonly devices?: Readonly<Record<string, boolean>>;
  /** What programs print, by their command line. */
  readonly programs?: Readonly<Record<string, string>>;
  readonly space?: Space;
  readonly user?: User;
}

const plainUser: User = { uid: 1000, name: 'linegate', groups: ['linegate', 'gpio', 'video'] };

/** The host of such a computer. */
export class ComputerHost implements Host {
  readonly #computer: Computer;

  constructor(computer: Computer) {
    this.#computer = computer;
  }

  async text(path: string): Promise<string | undefined> {
    return this.#computer.files[path];
  }

  async names(folder: string): Promise<readonly string[]> {
    const inside = this.#paths().filter((path) => path.startsWith(`${folder}/`));
    return [...new Set(inside.map((path) => path.slice(folder.length + 1).split('/')[0] ?? ''))].sort();
  }

  async facts(path: string): Promise<PathFacts | undefined> {
    const plain = { uid: 0, gid: 0, mode: 0o660, sizeBytes: 0, changedMs: 0 };
    const device = this.#computer.devices?.[path];
    if (device !== undefined) return { ...plain, kind: 'device', readable: device, writable: device };
    if (this.#computer.files[path] !== undefined) return { ...plain, kind: 'file', readable: true, writable: true };
    const folder = path === '/' || this.#paths().some((each) => each.startsWith(`${path}/`));
    return folder ? { ...plain, kind: 'folder', readable: true, writable: true } : undefined;
  }

  async run(program: string, args: readonly string[]): Promise<Ran> {
    const stdout = this.#computer.programs?.[[program, ...args].join(' ')];
    return stdout === undefined ? { kind: 'missing' } : { kind: 'ran', code: 0, stdout, stderr: '' };
  }

  async space(): Promise<Space | undefined> {
    return this.#computer.space ?? { freeBytes: 20e9, totalBytes: 30e9 };
  }

  async user(): Promise<User> {
    return this.#computer.user ?? plainUser;
  }

  #paths(): string[] {
    return [...Object.keys(this.#computer.files), ...Object.keys(this.#computer.devices ?? {})];
  }
}
