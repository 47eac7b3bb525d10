import { createHash } from 'node:crypto';
import { copyFileSync, globSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Arch } from './arch.ts';
import { binutil, platformOf } from './arch.ts';
import { output } from './command.ts';

/** The C of the gatekeeper, and what writes the file that it runs by. What else it is made of changes with the compiler only. */
const gatekeeperSources = [
  'agent/native/{gatekeeper,gatekeeper/core,track}/*.{c,h}',
  'agent/config/{calibration,gatekeeper,gatekeeper-conf}.ts',
];

/** Builds the C programs for a processor and copies them into a folder, without what only a debugger reads. */
export function addNativePrograms(arch: Arch, checkout: string, folder: string): void {
  const script = path.join(checkout, 'agent/native/linux.ts');
  const built = output(process.execPath, [script, '--arch', arch.npm], { cwd: checkout, from: 'nodejs' });
  for (const file of built.trim().split('\n')) {
    const to = path.join(folder, path.basename(file));
    copyFileSync(file, to);
    stripFile(to, arch);
  }
}

/**
 * What tells one gatekeeper from another. Not the program itself, which names the version of each release: an upgrade leaves
 * a gatekeeper that has not changed to hold the line. With another file it is another one, for the new agent would refuse the old.
 */
export function gatekeeperId(checkout: string): string {
  const hash = createHash('sha256');
  for (const file of globSync(gatekeeperSources, { cwd: checkout }).sort())
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(path.join(checkout, file)))
      .update('\0');
  return hash.digest('hex');
}

/** Copies Node itself, stripped. */
export function addNode(arch: Arch, modules: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const to = path.join(folder, 'node');
  copyFileSync(path.join(modules, `node-${platformOf(arch)}/bin/node`), to);
  stripFile(to, arch);
}

/** Strips the libraries in a folder and all below it. */
export function stripLibraries(arch: Arch, folder: string): void {
  for (const file of globSync('**/*.{node,so,so.*}', { cwd: folder })) stripFile(path.join(folder, file), arch);
}

function stripFile(file: string, arch: Arch): void {
  // The comments name the compilers, and differ between machines that are otherwise alike.
  const args = ['--strip-unneeded', '--remove-section=.comment', '--remove-section=.note', file];
  output(binutil('strip', arch), args, { from: `binutils or binutils-${arch.gnu}` });
}
