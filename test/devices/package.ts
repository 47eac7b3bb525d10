import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { atMost, type Check, equals, notRun } from '../faults/check.ts';
import { type DebianArch, makePackage, ownVersion } from './package/built.ts';
import { has, mustRun, run } from './package/program.ts';
import type { DeviceRound } from './round.ts';

const arches: readonly DebianArch[] = ['amd64', 'arm64'];
/** MB, compressed, with Node in it. */
const sizeLimit = 60;
/** Ubuntu 22.04, the oldest that is promised. */
const oldestLibc = 2.35;

/** The files as such: size, Debian's rules, what they need, and that they can be made again. */
export async function packageChecks(round: DeviceRound): Promise<readonly Check[]> {
  // Both at once: most of the time goes into compressing, by one thread each.
  const checks = await Promise.all(arches.map(async (arch) => fileChecks(arch, await round.packages.file(arch))));
  return [...checks.flat(), await reproducible(round.folder)];
}

async function fileChecks(arch: DebianArch, file: string): Promise<readonly Check[]> {
  return [
    atMost(`${arch} MB`, Math.round(statSync(file).size / 1e5) / 10, sizeLimit),
    await libcCheck(arch, file),
    await lintianCheck(arch, file),
  ];
}

async function libcCheck(arch: DebianArch, file: string): Promise<Check> {
  const { stdout } = await mustRun('dpkg-deb', ['-f', file, 'Depends'], { timeoutMs: 60_000 });
  const asked = Number(/libc6 \(>= ([\d.]+)\)/.exec(stdout)?.[1]);
  return atMost(`${arch} C library asked for`, asked, oldestLibc);
}

async function lintianCheck(arch: DebianArch, file: string): Promise<Check> {
  const id = `${arch} lintian errors`;
  if (!(await has('lintian'))) return notRun(id, 'install lintian');
  // As nobody: lintian says so itself when root runs it.
  const { stdout } = await run('lintian', ['--fail-on', 'none', file], { timeoutMs: 900_000 });
  const errors = stdout.split('\n').filter((line) => line.startsWith('E: '));
  return { ...equals(id, errors.length, 0), ...(errors[0] === undefined ? {} : { value: errors.join('; ') }) };
}

/** Two packages of the same sources, made in other places, time zones, languages and with other umasks. */
async function reproducible(folder: string): Promise<Check> {
  const options = ['--version', `${ownVersion()}+again`, '--compression', 'none'];
  const digests: string[] = [];
  for (const [name, TZ, LANG, umask] of [
    ['one', 'Pacific/Auckland', 'C', 0o022],
    ['two', 'America/Lima', 'C.UTF-8', 0o077],
  ] as const) {
    const out = path.join(folder, name);
    mkdirSync(out);
    const before = process.umask(umask);
    await makePackage(out, options, { ...process.env, TZ, LANG, SOURCE_DATE_EPOCH: '1790000000' }).finally(() =>
      process.umask(before),
    );
    const hash = createHash('sha256');
    await pipeline(createReadStream(path.join(out, `linegate_${ownVersion()}+again_amd64.deb`)), hash);
    digests.push(hash.digest('hex'));
  }
  return equals('made twice', new Set(digests).size, 1);
}
