import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { LinegateError } from '../../agent/core/errors.ts';
import type { Arch } from './arch.ts';
import { platformOf } from './arch.ts';

/** Something of others that is in the package. */
export interface Component {
  readonly name: string;
  readonly version: string;
  /** By SPDX, as its authors say it. */
  readonly licence: string;
  /** Who holds the rights, a line each. */
  readonly copyright: readonly string[];
  /** The licence in full, where it came with one. */
  readonly text?: string;
  /** Of the npm package that it came in, in hexadecimal. */
  readonly sha512?: string;
  /** The component that it is a part of. */
  readonly within?: string;
}

interface LockEntry {
  readonly version: string;
  readonly license?: string;
  readonly integrity?: string;
}

interface LockFile {
  readonly packages: Readonly<Record<string, LockEntry | undefined>>;
}

/** What an npm package without a licence file says of its rights elsewhere. */
const holders: Readonly<Record<string, string>> = {
  'onnxruntime-node': 'Microsoft Corporation',
  'onnxruntime-common': 'Microsoft Corporation',
  'sharp-libvips': 'the libvips authors, and those of the libraries below',
};

/**
 * The npm packages with these places in the lock file (`node_modules/NAME`), and Node itself. `modules`: the node_modules folder
 * that has them. Throws LinegateError 'missing-package' for one that is not in the lock file.
 */
export function npmComponents(places: readonly string[], arch: Arch, checkout: string, modules: string): Component[] {
  const lock = JSON.parse(readFileSync(path.join(checkout, 'package-lock.json'), 'utf8')) as LockFile;
  const all = [...places, `node_modules/node-${platformOf(arch)}`];
  return all.map((place) => {
    const entry = lock.packages[place];
    if (entry === undefined)
      throw new LinegateError(
        'missing-package',
        `${place} is not in package-lock.json; run npm install and try again.`,
      );
    return componentOf(place, entry, modules);
  });
}

function componentOf(place: string, entry: LockEntry, modules: string): Component {
  const name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const text = licenceText(path.join(path.dirname(modules), place));
  const sha512 = entry.integrity?.startsWith('sha512-')
    ? Buffer.from(entry.integrity.slice('sha512-'.length), 'base64').toString('hex')
    : undefined;
  return {
    name,
    version: entry.version,
    licence: entry.license ?? 'NOASSERTION',
    copyright: holdersOf(name, text),
    ...(text === undefined ? {} : { text }),
    ...(sha512 === undefined ? {} : { sha512 }),
  };
}

function licenceText(folder: string): string | undefined {
  const file = globSync('{LICEN[CS]E,licen[cs]e}*', { cwd: folder })[0];
  return file === undefined ? undefined : readFileSync(path.join(folder, file), 'utf8');
}

function holdersOf(name: string, text: string | undefined): readonly string[] {
  const lines = (text ?? '').split('\n').map((line) => line.replace(/^[\s*#/>-]+/, '').trim());
  const found = lines.filter((line) => /^(copyright|\(c\)|©)[\s(©]*(\(c\)|©|\d{4})/i.test(line)).slice(0, 20);
  if (found.length > 0) return [...new Set(found)];
  const known = Object.entries(holders).find(([part]) => name.includes(part));
  return [known?.[1] ?? `the authors of ${name}`];
}
