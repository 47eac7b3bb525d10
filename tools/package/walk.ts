import { readdirSync } from 'node:fs';
import path from 'node:path';

export interface Found {
  /** Relative to where the walk began. */
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link';
}

/** All that lies under a folder, in order. Links are not followed, as Node's own recursive listing does. */
export function walk(root: string, below = ''): Found[] {
  const entries = readdirSync(path.join(root, below), { withFileTypes: true });
  const found = entries.flatMap((entry): Found[] => {
    const name = path.join(below, entry.name);
    if (entry.isDirectory()) return [{ name, kind: 'folder' }, ...walk(root, name)];
    return [{ name, kind: entry.isFile() ? 'file' : 'link' }];
  });
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The plain files under a folder but those of DEBIAN, which are not installed. */
export function plainFiles(root: string): string[] {
  const files = walk(root).filter(({ kind }) => kind === 'file');
  return files.map(({ name }) => name).filter((name) => !name.startsWith('DEBIAN/'));
}
