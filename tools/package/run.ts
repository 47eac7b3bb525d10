// Makes the Debian packages of linegate: npm run package -- [--arch amd64|arm64|all] [--out DIR] [--version V] [--sizes]
// docs/packaging.md says what is in them. Needs no root, and the network only for the first package for another processor.
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { exitCodeOf, LinegateError, messageOf } from '../../agent/core/errors.ts';
import { type Arch, archesOf, ownArch } from './arch.ts';
import { output } from './command.ts';
import { makeDeb } from './deb.ts';
import { modulesFor } from './modules.ts';
import { sizesOf, sizesTable } from './sizes.ts';
import { stage } from './stage.ts';

const options = {
  arch: { type: 'string', default: ownArch() },
  out: { type: 'string', default: '.linegate/packages' },
  version: { type: 'string' },
  /** Prints how large each part is; takes as long again. */
  sizes: { type: 'boolean', default: false },
  /** xz, or none: a large package at once, to try it. */
  compression: { type: 'string', default: 'xz' },
} as const;

const checkout = path.join(import.meta.dirname, '../..');
const work = path.join(checkout, '.linegate/package');

function versionOf(given: string | undefined): string {
  const manifest = JSON.parse(readFileSync(path.join(checkout, 'package.json'), 'utf8')) as { version: string };
  const version = given ?? manifest.version;
  if (/^\d[\d.+~a-z]*$/.test(version)) return version;
  throw new LinegateError(
    'bad-argument',
    `"${version}" is no version of a package; begin with a digit and use digits, small letters, dots, + and ~.`,
  );
}

/** When the sources are from: SOURCE_DATE_EPOCH, else the last commit. */
function epochOf(): number {
  const given =
    process.env['SOURCE_DATE_EPOCH'] ?? output('git', ['log', '-1', '--format=%ct'], { cwd: checkout, from: 'git' });
  return Number(given);
}

async function makePackage(arch: Arch, version: string, out: string): Promise<string> {
  const root = path.join(work, `root-${arch.debian}-${version}`);
  const modules = modulesFor(arch, checkout, work);
  const making = { arch, version, epochS: epochOf(), checkout, modules, root };
  await stage(making);
  const file = path.join(out, `linegate_${version}_${arch.debian}.deb`);
  makeDeb(making, file, values.compression === 'none' ? 'none' : 'xz');
  return file;
}

const { values } = parseArgs({ options });
try {
  const out = path.resolve(values.out);
  const arches = archesOf(values.arch);
  const version = versionOf(values.version);
  process.chdir(checkout);
  mkdirSync(out, { recursive: true });
  for (const arch of arches) {
    const file = await makePackage(arch, version, out);
    console.log(`${file}  ${(statSync(file).size / 1e6).toFixed(1)} MB`);
    if (values.sizes) console.log(sizesTable(sizesOf(path.join(work, `root-${arch.debian}-${version}`))));
  }
} catch (error) {
  console.error(`package: ${messageOf(error)}`);
  process.exitCode = exitCodeOf(error);
}
