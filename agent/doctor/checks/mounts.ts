import type { Host } from '../host.ts';

/** The file system that a path is on. */
export interface Mount {
  readonly at: string;
  readonly type: string;
  readonly options: readonly string[];
  /** Major and minor number, such as `179:2`. */
  readonly device: string;
}

/** The mount with the longest path that holds `path`. */
export async function mountOf(host: Host, path: string): Promise<Mount | undefined> {
  const text = (await host.text('/proc/self/mountinfo')) ?? '';
  const mounts = text.split('\n').flatMap(parse);
  const holds = ({ at }: Mount): boolean => at === '/' || path === at || path.startsWith(`${at}/`);
  // Of two mounts at one place the later one covers the earlier.
  return mounts.filter(holds).reduce<Mount | undefined>((best, each) => {
    return best === undefined || each.at.length >= best.at.length ? each : best;
  }, undefined);
}

/** proc(5): id, parent, major:minor, root, mount point, options, fields up to a dash, type, source, more options. */
function parse(line: string): Mount[] {
  const [before = '', after = ''] = line.split(' - ');
  const [, , device, , at, options] = before.split(' ');
  const [type, , more = ''] = after.split(' ');
  if (device === undefined || at === undefined || options === undefined || type === undefined) return [];
  const spaces = at.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
  return [{ at: spaces, type, options: [...new Set([...options.split(','), ...more.split(',')])], device }];
}

export type DiskKind =
  | 'SD card'
  | 'eMMC'
  | 'SSD'
  | 'USB stick or disk'
  | 'hard disk'
  | 'virtual disk'
  | 'memory'
  | 'unknown';

/** What kind of disk a mount is on. */
export async function diskKind(host: Host, mount: Mount): Promise<{ kind: DiskKind; name: string | null }> {
  if (/^(tmpfs|ramfs|rootfs)$/.test(mount.type)) return { kind: 'memory', name: null };
  const event = await host.text(`/sys/dev/block/${mount.device}/uevent`);
  const [, partition] = /^DEVNAME=(\S+)$/m.exec(event ?? '') ?? [];
  if (partition === undefined) return { kind: 'unknown', name: null };
  const name = partition.replace(/^(mmcblk\d+|nvme\d+n\d+)p\d+$|^([a-z]+)\d+$/, '$1$2');
  return { kind: await kindOf(host, name), name };
}

async function kindOf(host: Host, name: string): Promise<DiskKind> {
  const type = (await host.text(`/sys/block/${name}/device/type`))?.trim();
  if (type === 'SD') return 'SD card';
  if (type === 'MMC') return 'eMMC';
  if (name.startsWith('nvme')) return 'SSD';
  if (/^(vd|xvd|ubd)/.test(name)) return 'virtual disk';
  if ((await host.text(`/sys/block/${name}/removable`))?.trim() === '1') return 'USB stick or disk';
  const rotates = (await host.text(`/sys/block/${name}/queue/rotational`))?.trim();
  if (rotates === undefined) return 'unknown';
  return rotates === '1' ? 'hard disk' : 'SSD';
}
