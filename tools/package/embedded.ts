import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Component } from './inventory.ts';

interface Listed {
  readonly name: string;
  readonly licence: string;
  readonly copyright: string;
}

/**
 * What is linked into the libraries of others: Node's own list of itself, SQLite in better-sqlite3, what sharp-libvips says
 * that it has, and what onnxruntime is known to be made of (onnxruntime.json; it has no list of its own in npm).
 */
export function embeddedComponents(components: readonly Component[], modules: string): Component[] {
  const libvips = components.find(({ name }) => name.includes('sharp-libvips'))?.name ?? '';
  const node = components.find(({ name }) => name.startsWith('node-linux'));
  return [
    ...nodeParts(node),
    ...sqliteIn(modules),
    ...libvipsParts(libvips, path.join(modules, libvips)),
    ...onnxruntimeParts(),
  ];
}

/** The Node that runs this is the one that is packed, so that it can be asked what it is made of. */
function nodeParts(node: Component | undefined): Component[] {
  if (node === undefined || process.versions.node !== node.version) {
    throw new Error(`This runs on Node ${process.versions.node}, not on the one it packs; use npm run package.`);
  }
  const notParts = ['node', 'modules', 'napi', 'unicode', 'cldr', 'tz'];
  const parts = Object.entries(process.versions).filter(([name, version]) => version && !notParts.includes(name));
  return parts.map(([name, version]) => ({
    name,
    version: version ?? '',
    licence: 'NOASSERTION',
    copyright: ['see the licence of Node.js'],
    within: node.name,
  }));
}

function sqliteIn(modules: string): Component[] {
  const header = readFileSync(path.join(modules, 'better-sqlite3/deps/sqlite3/sqlite3.h'), 'utf8');
  const version = /#define SQLITE_VERSION\s+"([\d.]+)"/.exec(header)?.[1];
  if (version === undefined) throw new Error('The version of SQLite is not in better-sqlite3/deps/sqlite3/sqlite3.h.');
  const copyright = ['none: its authors disclaim copyright'];
  return [{ name: 'sqlite', version, licence: 'blessing', copyright, within: 'better-sqlite3' }];
}

function libvipsParts(within: string, folder: string): Component[] {
  const versions = JSON.parse(readFileSync(path.join(folder, 'versions.json'), 'utf8')) as Record<string, string>;
  const readme = readFileSync(path.join(folder, 'README.md'), 'utf8');
  const rows = [...readme.matchAll(/^\| (\S+) +\| (.+?) *\|$/gm)].filter(([, name]) => name !== 'Library');
  const licences = new Map(rows.map(([, name = '', licence = '']) => [plainName(name), licence]));
  return Object.entries(versions).map(([name, version]) => ({
    name,
    version,
    licence: licences.get(plainName(name)) ?? 'NOASSERTION',
    copyright: [`the authors of ${name}`],
    within,
  }));
}

/** versions.json and the table call some libraries by other names: `tiff` and `libtiff`, `uhdr` and `libultrahdr`. */
function plainName(name: string): string {
  const plain = name.replace(/^lib/, '');
  return plain === 'ultrahdr' ? 'uhdr' : plain;
}

function onnxruntimeParts(): Component[] {
  const file = path.join(import.meta.dirname, 'files/onnxruntime.json');
  const listed = JSON.parse(readFileSync(file, 'utf8')) as readonly Listed[];
  return listed.map(({ name, licence, copyright }) => ({
    name,
    version: '',
    licence,
    copyright: [copyright],
    within: 'onnxruntime-node',
  }));
}
