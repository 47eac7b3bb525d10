import { readFileSync } from 'node:fs';

const shebang = /^#!\/usr\/bin\/env -S node (?<flags>--.+)$/m;

/** The flags that a station's Node runs with, from the first line of the command itself. */
export function nodeFlags(): string[] {
  const entry = new URL('../../cli/linegate.ts', import.meta.url);
  const flags = shebang.exec(readFileSync(entry, 'utf8'))?.groups?.['flags'];
  if (flags === undefined) throw new Error('the first line of cli/linegate.ts names no flags of Node');
  return flags.split(' ');
}
