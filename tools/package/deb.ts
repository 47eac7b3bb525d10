import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, lstatSync, lutimesSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { output } from './command.ts';
import { dependsOn, needsOf } from './needs.ts';
import type { Making } from './stage.ts';
import { maintainer } from './stage.ts';
import { plainFiles, walk } from './walk.ts';

export type Compression = 'xz' | 'none';

const scripts = ['postinst', 'prerm', 'postrm'] as const;

/**
 * Makes the package of what lies under `root`. The same files give the same package to the byte: their times, modes and
 * owners are set here. Needs no root.
 */
export function makeDeb(making: Making, file: string, compression: Compression): void {
  const control = path.join(making.root, 'DEBIAN');
  mkdirSync(control, { recursive: true });
  const files = plainFiles(making.root);
  const sums = files.map((name) => `${md5(path.join(making.root, name))}  ${name}\n`);
  writeFileSync(path.join(control, 'md5sums'), sums.join(''));
  writeFileSync(path.join(control, 'control'), controlFile(making, files));
  for (const script of scripts)
    copyFileSync(path.join(import.meta.dirname, 'files', script), path.join(control, script));
  setModesAndTimes(making.root, making.epochS);
  // One thread: with more, xz cuts the data, and the package depends on how many there are. -6 is unpacked with 9 MB of memory.
  const how = compression === 'xz' ? ['-Zxz', '-z6', '--threads-max=1'] : ['-Znone'];
  const args = [...how, '--root-owner-group', '--build', making.root, file];
  output('dpkg-deb', args, { env: { SOURCE_DATE_EPOCH: String(making.epochS) }, from: 'dpkg' });
}

function controlFile({ root, arch, version }: Making, files: readonly string[]): string {
  const bytes = files.reduce((sum, name) => sum + lstatSync(path.join(root, name)).size, 0);
  const fields = {
    Package: 'linegate',
    Version: version,
    Architecture: arch.debian,
    Maintainer: maintainer,
    'Installed-Size': String(Math.ceil(bytes / 1024)),
    Depends: dependsOn(needsOf(path.join(root, 'usr/lib/linegate'), arch)),
    Suggests: 'rpicam-apps',
    Section: 'science',
    Priority: 'optional',
    Description: [
      'inspection station on a production line',
      ' Turns a small computer with a camera into an inspection station: it sees every',
      ' part, decides with an INT8 model on the device, moves the reject gate at the',
      ' right moment, and keeps a record of every part. It brings all that it needs,',
      ' Node.js too, and sends nothing anywhere but where its configuration says.',
      ' .',
      ' None of this is a safety function.',
    ].join('\n'),
  };
  return Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('');
}

function md5(file: string): string {
  return createHash('md5').update(readFileSync(file)).digest('hex');
}

/** What a program is, by where it lies: nothing is left to the umask of whoever builds. */
function isProgram(name: string): boolean {
  return /^(usr\/bin\/|usr\/lib\/linegate\/(bin\/|linegate-[a-z0-9]+$)|DEBIAN\/(postinst|prerm|postrm)$)/.test(name);
}

function setModesAndTimes(root: string, epochS: number): void {
  for (const { name, kind } of [...walk(root), { name: '', kind: 'folder' }]) {
    const file = path.join(root, name);
    if (kind !== 'link') chmodSync(file, kind === 'folder' || isProgram(name) ? 0o755 : 0o644);
    lutimesSync(file, epochS, epochS);
  }
}
