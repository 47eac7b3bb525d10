import path from 'node:path';
import { fail, needsStation, notRun, type Outcome, ok, warn } from '../finding.ts';
import type { Host } from '../host.ts';
import type { Check } from '../look.ts';
import { p50, p99, rounded } from '../percentile.ts';
import type { Wants } from '../wants.ts';
import { type DiskKind, diskKind, mountOf } from './mounts.ts';

/** The folder that is there: the state folder, or the nearest above it. */
async function existing(host: Host, folder: string): Promise<string> {
  let at = folder;
  while (path.dirname(at) !== at && (await host.facts(at)) === undefined) at = path.dirname(at);
  return at;
}

/** What the records lie on, and how it is mounted. */
export const diskKindCheck: Check = {
  id: 'disk-kind',
  group: 'disk',
  about: 'the kind of disk',
  run: async ({ host, wants }) => {
    if (wants === null) return needsStation('The disk');
    const mount = await mountOf(host, await existing(host, wants.stateFolder));
    if (mount === undefined) return notRun('The kernel does not tell which disk the state folder is on.');
    const { kind, name } = await diskKind(host, mount);
    const figures = { kind, device: name, mountedAt: mount.at, fileSystem: mount.type, options: mount.options };
    const where = `The state folder is on ${mount.at} (${mount.type}, ${kind}${name === null ? '' : ` ${name}`})`;
    if (mount.options.includes('ro'))
      return fail(
        `${where}, which is mounted read-only.`,
        'Look for a disk error in dmesg, or mount it writable.',
        figures,
      );
    if (kind === 'memory')
      return fail(`${where} and is lost with the power.`, 'Name a folder on a disk as stateFolder.', figures);
    return byOptions(where, kind, mount.options, figures);
  },
};

function byOptions(where: string, kind: DiskKind, options: readonly string[], figures: Outcome['figures']): Outcome {
  if (options.some((option) => option === 'nobarrier' || option === 'barrier=0' || option === 'data=writeback'))
    return fail(
      `${where} with options by which a power cut can damage records.`,
      'Remove nobarrier, barrier=0 and data=writeback from /etc/fstab and reboot.',
      figures,
    );
  if (kind === 'SD card' || kind === 'USB stick or disk')
    return warn(
      `${where}, which wears out by writing and can stall for a second.`,
      'Use an industrial card (pSLC) or an SSD for a station that runs day and night.',
      figures,
    );
  return ok(`${where}, mounted writable.`, figures);
}

/** Room for records and pictures. */
export const diskSpace: Check = {
  id: 'disk-space',
  group: 'disk',
  about: 'the free space',
  run: async ({ host, wants }) => {
    if (wants === null) return needsStation('The free space');
    const space = await host.space(await existing(host, wants.stateFolder));
    if (space === undefined) return notRun('The computer does not tell how much space is free.');
    const used = space.totalBytes === 0 ? 0 : 1 - space.freeBytes / space.totalBytes;
    const freeMegabytes = Math.round(space.freeBytes / 1e6);
    const figures = { freeMegabytes, totalMegabytes: Math.round(space.totalBytes / 1e6), usedShare: rounded(used) };
    return judgeSpace(wants, freeMegabytes, used, figures);
  },
};

function judgeSpace({ config }: Wants, freeMegabytes: number, used: number, figures: Outcome['figures']): Outcome {
  const { storage, pictures } = config;
  const free = `The disk has ${freeMegabytes} MB free and is ${Math.round(used * 100)} % full`;
  if (used >= storage.foldPassesAt)
    return fail(`${free}: records of passes are given up already.`, 'Delete what is not of the station.', figures);
  if (used >= storage.dropPicturesAt)
    return warn(`${free}: pictures are given up already.`, 'Delete what is not of the station.', figures);
  if (pictures.keep !== 'none' && pictures.maxMegabytes > freeMegabytes)
    return warn(
      `${free}, and pictures alone may take ${pictures.maxMegabytes} MB.`,
      'Lower pictures.maxMegabytes or free some space.',
      figures,
    );
  return ok(`${free}.`, figures);
}

/** How long a record takes until it is on the disk. */
export const diskWrite: Check = {
  id: 'disk-write',
  group: 'disk',
  about: 'the time that a write takes',
  run: async ({ host, probes, wants }) => {
    if (wants === null) return needsStation('The time that a write takes');
    const look = await probes.writes(await existing(host, wants.stateFolder));
    if (look.kind === 'failed')
      return fail(`A file in the state folder cannot be written: ${look.detail}.`, 'Free space or mend the rights.');
    const figures = {
      writes: look.ms.length,
      p50Ms: p50(look.ms),
      p99Ms: p99(look.ms),
      maxMs: rounded(Math.max(...look.ms)),
    };
    const took = `A write is on the disk after ${figures.p50Ms} ms (p50), ${figures.p99Ms} ms (p99) and ${figures.maxMs} ms at most`;
    if (figures.p99Ms >= wants.config.alarms.ledgerSlowMs)
      return fail(`${took}.`, 'Replace the disk, and see whether another program writes to it.', figures);
    if (figures.p99Ms >= 200)
      return warn(
        `${took}, which is slow.`,
        'See whether another program writes much; a worn card does this too.',
        figures,
      );
    return ok(`${took}.`, figures);
  },
};
