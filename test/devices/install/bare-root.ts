import { cpSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { has, mustRun, type Ran, run } from '../package/program.ts';

export type Release = 'bookworm' | 'trixie' | 'jammy' | 'noble';

/** Ubuntu signs with its own keys. */
const ubuntu: { readonly releases: readonly Release[]; readonly keyring: string } = {
  releases: ['jammy', 'noble'],
  keyring: '/usr/share/keyrings/ubuntu-archive-keyring.gpg',
};

/** Kept, because fetching a system takes minutes. */
const cache = '/var/tmp/linegate-roots';

/** A bare Debian or Ubuntu system in a folder: its essential packages, apt and systemd, nothing else. */
export class BareRoot {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Why there can be none here, in a few words; undefined when there can. */
  static async lacks(release: Release): Promise<string | undefined> {
    if (process.getuid?.() !== 0) return 'needs root';
    if (!(await has('mmdebstrap'))) return 'install mmdebstrap';
    if (!ubuntu.releases.includes(release) || existsSync(ubuntu.keyring)) return undefined;
    return `needs ${ubuntu.keyring}, from Ubuntu's package ubuntu-keyring`;
  }

  /** From the mirror that mmdebstrap takes for it. Rejects when it cannot be reached. */
  static async make(release: Release, folder: string): Promise<BareRoot> {
    const archive = path.join(cache, `${release}.tar`);
    if (!existsSync(archive)) {
      mkdirSync(cache, { recursive: true });
      const args = ['--variant=minbase', '--include=apt,systemd', release, `${archive}.new.tar`];
      await mustRun('mmdebstrap', args, { timeoutMs: 900_000 });
      renameSync(`${archive}.new.tar`, archive);
    }
    mkdirSync(folder);
    await mustRun('tar', ['-xf', archive, '-C', folder], { timeoutMs: 300_000 });
    return new BareRoot(folder);
  }

  put(file: string, to: string): void {
    cpSync(file, path.join(this.folder, to), { recursive: true });
  }

  has(file: string): boolean {
    return existsSync(path.join(this.folder, file));
  }

  /** Runs a line of shell in it as root, without a network and without a terminal. */
  sh(line: string, timeoutMs = 300_000): Promise<Ran> {
    const enter =
      'mount -t proc proc "$0/proc" && exec chroot "$0" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin ';
    const args = ['--net', '--mount', '--pid', '--fork', 'sh', '-c', `${enter} LANG=C.UTF-8 sh -c "$1"`];
    return run('unshare', [...args, this.folder, line], { timeoutMs });
  }

  /** The same as the station's user, in the station's folder. */
  asStation(line: string, timeoutMs?: number): Promise<Ran> {
    const user = 'cd /var/lib/linegate && exec setpriv --reuid=linegate --regid=linegate --init-groups --reset-env';
    return this.sh(`${user} sh -c '${line}'`, timeoutMs);
  }
}
