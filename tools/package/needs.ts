import { globSync } from 'node:fs';
import path from 'node:path';
import type { Arch } from './arch.ts';
import { binutil } from './arch.ts';
import { output } from './command.ts';

/** Highest version of each symbol family that the binaries ask of the system: `{GLIBC: '2.34', GLIBCXX: '3.4.29'}`. */
export type Needs = Readonly<Record<string, string>>;

/** The release of GCC whose libstdc++ first had a version of GLIBCXX. */
const gccOf: readonly (readonly [glibcxx: string, gcc: string])[] = [
  ['3.4.25', '8'],
  ['3.4.28', '9'],
  ['3.4.29', '11'],
  ['3.4.30', '12'],
];

/** What dynamically linked files ask for, from what `objdump -T` prints. */
export function needsIn(listing: string): Needs {
  const needs: Record<string, string> = {};
  for (const [, family = '', version = ''] of listing.matchAll(/\b(GLIBC|GLIBCXX)_([\d.]+)/g)) {
    const before = needs[family];
    if (before === undefined || isNewer(version, before)) needs[family] = version;
  }
  return needs;
}

/** What the programs and libraries in a folder ask for. */
export function needsOf(folder: string, arch: Arch): Needs {
  const files = globSync(['bin/node', 'node_modules/**/*.{node,so,so.*}'], { cwd: folder });
  const paths = files.map((file) => path.join(folder, file));
  return needsIn(output(binutil('objdump', arch), ['-T', ...paths], { from: `binutils or binutils-${arch.gnu}` }));
}

/** The field Depends of a package that needs this. */
export function dependsOn({ GLIBC = '2.28', GLIBCXX = '3.4.21' }: Needs): string {
  const gcc = gccOf.find(([glibcxx]) => !isNewer(GLIBCXX, glibcxx))?.[1];
  if (gcc === undefined) throw new Error(`No release of GCC is known here for GLIBCXX_${GLIBCXX}; add it to needs.ts.`);
  const libraries = [`libc6 (>= ${GLIBC})`, `libstdc++6 (>= ${gcc})`, 'libgcc-s1'];
  return [...libraries, 'systemd | systemd-sysusers', 'systemd | systemd-tmpfiles'].join(', ');
}

function isNewer(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split('.').map(Number));
  for (let at = 0; at < 3; at += 1) {
    const difference = (a?.[at] ?? 0) - (b?.[at] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}
