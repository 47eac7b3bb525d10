import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { mustRun } from './program.ts';

export type DebianArch = 'amd64' | 'arm64';

const checkout = path.join(import.meta.dirname, '../../..');

/** The version before this one, which there never was: its package is this one's with another number. */
export const versionBefore = '0.0.9';

/** The version of the checkout. */
export function ownVersion(): string {
  return (JSON.parse(readFileSync(path.join(checkout, 'package.json'), 'utf8')) as { version: string }).version;
}

/** The packages that are tried: each is made when it is first asked for, or taken from a folder. */
export class Packages {
  readonly #given: string | undefined;
  readonly #say: (line: string) => void;
  readonly #made = new Map<string, Promise<string>>();
  #folder: string | undefined;

  constructor(given: string | undefined, say: (line: string) => void) {
    this.#given = given;
    this.#say = say;
  }

  /** The file of a package as it is given out. */
  file(arch: DebianArch): Promise<string> {
    const name = `linegate_${ownVersion()}_${arch}.deb`;
    if (this.#given !== undefined) return Promise.resolve(path.resolve(this.#given, name));
    return this.#once(name, (out) => makePackage(out, ['--arch', arch]));
  }

  /** A package of the version before, not compressed. */
  before(arch: DebianArch): Promise<string> {
    const name = `linegate_${versionBefore}_${arch}.deb`;
    const options = ['--arch', arch, '--version', versionBefore, '--compression', 'none'];
    return this.#once(name, (out) => makePackage(out, options));
  }

  /** The folder that a package is unpacked to, under `folder`. */
  async unpacked(arch: DebianArch, folder: string): Promise<string> {
    const to = path.join(folder, `tree-${arch}`);
    await mustRun('dpkg-deb', ['-x', await this.file(arch), to], { timeoutMs: 300_000 });
    return to;
  }

  stop(): void {
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }

  #once(name: string, make: (out: string) => Promise<void>): Promise<string> {
    this.#folder ??= mkdtempSync('/var/tmp/linegate-packages-');
    const out = this.#folder;
    const made = this.#made.get(name);
    if (made !== undefined) return made;
    this.#say(`makes ${name}`);
    const making = make(out).then(() => path.join(out, name));
    this.#made.set(name, making);
    return making;
  }
}

/** Makes a package into a folder, with these options of `npm run package`. */
export async function makePackage(out: string, options: readonly string[], env = process.env): Promise<void> {
  const script = path.join(checkout, 'tools/package/run.ts');
  await mustRun(process.execPath, [script, '--out', out, ...options], { timeoutMs: 1_800_000, cwd: checkout, env });
}
