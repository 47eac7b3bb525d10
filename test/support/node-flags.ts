import { readFileSync } from 'node:fs';

const shebang = /^#!\/usr\/bin\/env -S (?<variable>[A-Z_]+)=(?<value>\S+) node (?<flags>--.+)$/m;

function parts(): Record<string, string> {
  const entry = new URL('../../cli/linegate.ts', import.meta.url);
  const groups = shebang.exec(readFileSync(entry, 'utf8'))?.groups;
  if (groups === undefined) throw new Error('the first line of cli/linegate.ts names no flags of Node');
  return groups;
}

/** The flags that a station's Node runs with, from the first line of the command itself. */
export function nodeFlags(): string[] {
  return (parts()['flags'] ?? '').split(' ');
}

/** What it has in its environment beside the user's own. */
export function nodeEnvironment(): Record<string, string> {
  const { variable = '', value = '' } = parts();
  return { [variable]: value };
}
