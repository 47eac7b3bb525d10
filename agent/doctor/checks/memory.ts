import { fail, notRun, ok, warn } from '../finding.ts';
import type { Check } from '../look.ts';

const leastMegabytes = 100;
const comfortableMegabytes = 250;

/** A figure of /proc/meminfo, in 10^6 bytes. */
function megabytes(meminfo: string, name: string): number | null {
  const [, kibibytes] = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(meminfo) ?? [];
  return kibibytes === undefined ? null : Math.round((Number(kibibytes) * 1024) / 1e6);
}

/** Memory that is left. */
export const memory: Check = {
  id: 'memory',
  group: 'computer',
  about: 'the memory',
  run: async ({ host }) => {
    const meminfo = (await host.text('/proc/meminfo')) ?? '';
    const totalMegabytes = megabytes(meminfo, 'MemTotal');
    const availableMegabytes = megabytes(meminfo, 'MemAvailable');
    if (totalMegabytes === null || availableMegabytes === null) return notRun('The kernel does not tell its memory.');
    const figures = { totalMegabytes, availableMegabytes };
    const sentence = `Of ${totalMegabytes} MB of memory ${availableMegabytes} MB are available.`;
    if (availableMegabytes < leastMegabytes)
      return fail(sentence, 'End other programs, or use a computer with more.', figures);
    if (availableMegabytes < comfortableMegabytes)
      return warn(sentence, 'Do without a desktop (sudo systemctl set-default multi-user.target).', figures);
    return ok(sentence, figures);
  },
};

/** Swap: in the way of timing, and of an SD card's life. */
export const swap: Check = {
  id: 'swap',
  group: 'computer',
  about: 'the swap space',
  run: async ({ host }) => {
    const text = await host.text('/proc/swaps');
    if (text === undefined) return notRun('The kernel does not tell its swap space.');
    const areas = text
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(/\s+/));
    const used = areas.map(([, , , kibibytes]) => Number(kibibytes ?? 0)).reduce((sum, each) => sum + each, 0);
    const usedMegabytes = Math.round((used * 1024) / 1e6);
    const onDisk = areas.map(([name = '']) => name).filter((name) => !/zram/.test(name));
    const figures = { areas: areas.map(([name = '']) => name), usedMegabytes };
    if (areas.length === 0) return ok('There is no swap space.', figures);
    if (onDisk.length === 0) return ok('Swap space is compressed memory, which wears no disk.', figures);
    if (usedMegabytes < 20) return ok(`Swap space on ${onDisk.join(', ')} is there and next to unused.`, figures);
    return warn(
      `Swap space on ${onDisk.join(', ')} is in use with ${usedMegabytes} MB, which wears the disk and delays verdicts.`,
      'End other programs, or switch it off (sudo dphys-swapfile swapoff, sudo swapoff -a) or use zram.',
      figures,
    );
  },
};
