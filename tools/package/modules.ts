import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Arch } from './arch.ts';
import { output } from './command.ts';

/**
 * The node_modules folder with the native packages of a processor: the checkout's own for this machine's, else one that npm
 * fills for the other by the same lock file, whose digests it checks; kept in `cache` until the lock file changes.
 */
export function modulesFor(arch: Arch, checkout: string, cache: string): string {
  if (arch.npm === process.arch) return path.join(checkout, 'node_modules');
  const lock = readFileSync(path.join(checkout, 'package-lock.json'));
  const digest = createHash('sha256').update(lock).digest('hex').slice(0, 12);
  const folder = path.join(cache, `modules-${arch.debian}-${digest}`);
  const done = path.join(folder, 'complete');
  if (!existsSync(done)) {
    // Half a gigabyte each: those of earlier lock files go.
    for (const old of globSync(`modules-${arch.debian}-*`, { cwd: cache }))
      rmSync(path.join(cache, old), { recursive: true });
    mkdirSync(folder, { recursive: true });
    for (const file of ['package.json', 'package-lock.json', '.npmrc'])
      copyFileSync(path.join(checkout, file), path.join(folder, file));
    const platform = ['--os=linux', `--cpu=${arch.npm}`, '--libc=glibc'];
    output('npm', ['ci', ...platform, '--omit=dev', '--ignore-scripts'], { cwd: folder, from: 'npm' });
    writeFileSync(done, '');
  }
  return path.join(folder, 'node_modules');
}
