import { cpSync, globSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { makeBundle } from '../build/make-bundle.ts';
import type { Arch } from './arch.ts';
import { platformOf } from './arch.ts';
import { copyrightFile } from './copyright.ts';
import { embeddedComponents } from './embedded.ts';
import { npmComponents } from './inventory.ts';
import { addNativePrograms, addNode, gatekeeperId, stripLibraries } from './native.ts';
import { sbom } from './sbom.ts';

/** What a package is made of and where. */
export interface Making {
  readonly arch: Arch;
  readonly version: string;
  /** s since 1970: the time of every file in it. */
  readonly epochS: number;
  readonly checkout: string;
  /** The node_modules folder with the native packages of that processor. */
  readonly modules: string;
  /** Where its files are laid out, as they will be under `/`. */
  readonly root: string;
}

/** Lays out all files of the package under `root`. */
export async function stage(making: Making): Promise<void> {
  const { arch, version, checkout, modules, root } = making;
  rmSync(root, { recursive: true, force: true });
  const lib = path.join(root, 'usr/lib/linegate');
  const places = await makeBundle({ platform: platformOf(arch), out: lib, modules, version, sourceMaps: false });
  // The file copyright has it all.
  for (const file of globSync('*.LEGAL.txt', { cwd: lib })) rmSync(path.join(lib, file));
  dropHashbang(path.join(lib, 'linegate.js'));
  addNode(arch, modules, path.join(lib, 'bin'));
  stripLibraries(arch, path.join(lib, 'node_modules'));
  addNativePrograms(arch, checkout, lib);
  writeFileSync(path.join(lib, 'gatekeeper.id'), `${gatekeeperId(checkout)}\n`);
  shareModels(root);
  copy(path.join(checkout, 'docs/schema'), path.join(root, 'usr/share/linegate/schema'));
  addUnits(path.join(checkout, 'systemd'), root);
  addOwnFiles(root);
  addDocs(making, places);
}

/** /usr/bin/linegate starts it, with the Node that comes with it. */
function dropHashbang(script: string): void {
  writeFileSync(script, readFileSync(script, 'utf8').replace(/^#!.*\n/, ''));
}

/** Data that does not depend on the processor belongs under usr/share. */
function shareModels(root: string): void {
  const bundled = path.join(root, 'usr/lib/linegate/models/int8');
  // Source code for a microcontroller, which is built elsewhere.
  for (const folder of globSync('*/esp', { cwd: bundled })) rmSync(path.join(bundled, folder), { recursive: true });
  copy(bundled, path.join(root, 'usr/share/linegate/models'));
  rmSync(bundled, { recursive: true });
  symlinkSync('../../../share/linegate/models', bundled);
}

function addUnits(from: string, root: string): void {
  for (const unit of globSync('*.service', { cwd: from }))
    copy(path.join(from, unit), path.join(root, 'usr/lib/systemd/system', unit));
  copy(path.join(from, 'sysusers.d'), path.join(root, 'usr/lib/sysusers.d'));
  copy(path.join(from, 'tmpfiles.d'), path.join(root, 'usr/lib/tmpfiles.d'));
  copy(path.join(from, 'udev'), path.join(root, 'usr/lib/udev/rules.d'));
  copy(path.join(from, 'examples'), path.join(root, 'usr/share/doc/linegate/examples/systemd'));
}

function addOwnFiles(root: string): void {
  const files = path.join(import.meta.dirname, 'files');
  copy(path.join(files, 'launcher'), path.join(root, 'usr/bin/linegate'));
  copy(path.join(files, 'completion.bash'), path.join(root, 'usr/share/bash-completion/completions/linegate'));
  copy(path.join(files, 'lintian-overrides'), path.join(root, 'usr/share/lintian/overrides/linegate'));
  put(path.join(root, 'usr/share/man/man1/linegate.1.gz'), zip(readFileSync(path.join(files, 'linegate.1'))));
}

function addDocs({ arch, version, epochS, checkout, modules, root }: Making, places: readonly string[]): void {
  const doc = path.join(root, 'usr/share/doc/linegate');
  for (const file of ['README.md', 'CHANGELOG.md']) copy(path.join(checkout, file), path.join(doc, file));
  for (const file of globSync('**/*.{md,svg,yaml}', { cwd: path.join(checkout, 'docs') }))
    copy(path.join(checkout, 'docs', file), path.join(doc, file));
  const components = npmComponents(places, arch, checkout, modules);
  const embedded = embeddedComponents(components, modules);
  put(path.join(doc, 'copyright'), copyrightFile(components, embedded));
  const product = { version, arch: arch.debian, epochS };
  put(path.join(doc, 'linegate.cdx.json'), sbom(product, components, embedded));
  put(path.join(doc, 'changelog.gz'), zip(Buffer.from(debianChangelog(version, epochS))));
}

function debianChangelog(version: string, epochS: number): string {
  const date = new Date(epochS * 1000).toUTCString().replace('GMT', '+0000');
  return `linegate (${version}) stable; urgency=medium\n\n  * See CHANGELOG.md.\n\n -- ${maintainer}  ${date}\n`;
}

/** example.org is nobody's: whoever hands out packages names themselves with DEBFULLNAME and DEBEMAIL, as for Debian's tools. */
export const maintainer = `${process.env['DEBFULLNAME'] ?? 'The Linegate authors'} <${process.env['DEBEMAIL'] ?? 'linegate@example.org'}>`;

/** As `gzip -9n`: without name and time. */
function zip(data: Buffer): Buffer {
  return gzipSync(data, { level: 9 });
}

function put(file: string, data: string | Buffer): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, data);
}

function copy(from: string, to: string): void {
  cpSync(from, to, { recursive: true, preserveTimestamps: false });
}
