import { spawn } from 'node:child_process';
import { accessSync, constants, readFileSync, type Stats } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { StatfsDisk } from '../../adapters/disk/statfs.ts';
import type { Host, PathFacts, Ran, Space, User } from '../host.ts';

const mostBytes = 1_000_000;
const mostMs = 4000;

/** The computer that this runs on. */
export class SystemHost implements Host {
  async text(path: string): Promise<string | undefined> {
    // Files of /proc and /sys tell no size; some give an error only when they are read.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => undefined);
    if (file === undefined) return undefined;
    try {
      const bytes = Buffer.alloc(mostBytes);
      let length = 0;
      for (;;) {
        const { bytesRead } = await file.read(bytes, length, bytes.length - length, null);
        length += bytesRead;
        if (bytesRead === 0 || length === bytes.length) return bytes.toString('utf8', 0, length);
      }
    } catch {
      return undefined;
    } finally {
      await file.close();
    }
  }

  async names(folder: string): Promise<readonly string[]> {
    return (await readdir(folder).catch(() => [])).sort();
  }

  async facts(path: string): Promise<PathFacts | undefined> {
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) return undefined;
    const { uid, gid, size: sizeBytes, mtimeMs: changedMs } = found;
    const mode = found.mode & 0o7777;
    const rights = { readable: may(path, constants.R_OK), writable: may(path, constants.W_OK) };
    return { kind: kindOf(found), uid, gid, mode, sizeBytes, changedMs, ...rights };
  }

  run(program: string, args: readonly string[]): Promise<Ran> {
    return new Promise((resolve) => {
      const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, LC_ALL: 'C' } });
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
        resolve({ kind: 'slow' });
      }, mostMs);
      const texts = { stdout: '', stderr: '' };
      for (const name of ['stdout', 'stderr'] as const) {
        child[name].setEncoding('utf8').on('data', (text: string) => {
          if (texts[name].length < mostBytes) texts[name] += text;
        });
      }
      child.on('error', () => {
        clearTimeout(timer);
        resolve({ kind: 'missing' });
      });
      child.on('close', (code) => {
        clearTimeout(timer);
        resolve({ kind: 'ran', code: code ?? -1, ...texts });
      });
    });
  }

  async space(folder: string): Promise<Space | undefined> {
    return new StatfsDisk(folder).usage().catch(() => undefined);
  }

  async user(): Promise<User> {
    const uid = process.getuid?.() ?? -1;
    const ids = new Set(process.getgroups?.() ?? []);
    const rows = groupFile().map((row) => row.split(':'));
    const groups = rows.flatMap(([name = '', , id]) => (ids.has(Number(id)) ? [name] : []));
    return { uid, name: nameOf(uid), groups };
  }
}

function groupFile(): string[] {
  try {
    return readFileSync('/etc/group', 'utf8').trim().split('\n');
  } catch {
    return [];
  }
}

/** A user of a container may have no name. */
function nameOf(uid: number): string {
  try {
    return userInfo().username;
  } catch {
    return `${uid}`;
  }
}

function may(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

function kindOf(found: Stats): PathFacts['kind'] {
  if (found.isFile()) return 'file';
  if (found.isDirectory()) return 'folder';
  if (found.isSocket()) return 'socket';
  return found.isCharacterDevice() || found.isBlockDevice() ? 'device' : 'other';
}
