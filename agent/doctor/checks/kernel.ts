import { fail, notRun, ok, warn } from '../finding.ts';
import type { Check } from '../look.ts';

/** The GPIO character device's second interface, which the gatekeeper speaks, came with this one. */
const oldest = [5, 10] as const;

/** The kernel's version. */
export const kernel: Check = {
  id: 'kernel',
  group: 'computer',
  about: 'the kernel',
  run: async ({ host }) => {
    const release = (await host.text('/proc/sys/kernel/osrelease'))?.trim();
    const [, major, minor] = /^(\d+)\.(\d+)/.exec(release ?? '') ?? [];
    if (release === undefined || major === undefined) return notRun('The kernel does not tell its version.');
    const model = (await host.text('/proc/device-tree/model'))?.replaceAll('\0', '').trim() ?? null;
    const figures = { release, model };
    const on = model === null ? '' : ` on a ${model}`;
    if (isOlder(Number(major), Number(minor)))
      return fail(
        `The kernel ${release}${on} is older than ${oldest.join('.')} and has no GPIO interface of version 2.`,
        'Install a system of today (Raspberry Pi OS Bookworm, JetPack 5 or newer), or use the line kind "software" with onoff for a first try.',
        figures,
      );
    return ok(`The kernel ${release}${on} is new enough for GPIO lines with timestamps.`, figures);
  },
};

function isOlder(major: number, minor: number): boolean {
  return major < oldest[0] || (major === oldest[0] && minor < oldest[1]);
}

/** The GPIO chips, by label. */
export const gpioChips: Check = {
  id: 'gpio-chips',
  group: 'lines',
  about: 'the GPIO chips',
  run: async (look) => {
    const known = await look.chips();
    if (known.kind === 'unknown')
      return notRun(
        `The GPIO chips are not known: ${known.why}.`,
        'Install the linegate package again; from a checkout, build agent/native/gpioinfo/gpioinfo.c.',
      );
    const labels = known.chips.map(({ label }) => label);
    const refused = known.refused.map(({ device, reason }) => `${device} (${reason})`);
    const figures = { labels, refused };
    const needed = (look.wants?.lines.length ?? 0) > 0;
    if (labels.length > 0 && refused.length === 0)
      return ok(`The GPIO chips of this computer can be asked: ${labels.join(', ')}.`, figures);
    if (refused.length > 0)
      return (needed && labels.length === 0 ? fail : warn)(
        `Some GPIO chips cannot be asked: ${refused.join(', ')}.`,
        'Add this user to the group gpio (sudo usermod -aG gpio USER) and log in again.',
        figures,
      );
    if (!needed) return ok('This computer has no GPIO chip, and none is needed here.', figures);
    return fail(
      'This computer has no GPIO chip, and the station names lines of one.',
      'Run the station on the computer that the photo-eye and the gate are wired to.',
      figures,
    );
  },
};
