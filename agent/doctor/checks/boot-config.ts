import type { Host } from '../host.ts';

/** What a Raspberry Pi is told at boot; empty where there is no such file. */
export interface BootText {
  /** config.txt, without comments. */
  readonly config: string;
  /** The kernel's command line, as it is now and as it will be. */
  readonly commandLine: string;
}

/** /boot/firmware since Bookworm, /boot before. */
const folders = ['/boot/firmware', '/boot'] as const;

export async function bootText(host: Host): Promise<BootText> {
  const config = await first(host, 'config.txt');
  const next = await first(host, 'cmdline.txt');
  const now = (await host.text('/proc/cmdline')) ?? '';
  const lines = config.split('\n').map((line) => line.replace(/#.*/, '').trim());
  return { config: lines.join('\n'), commandLine: `${now.trim()} ${next.trim()}` };
}

async function first(host: Host, name: string): Promise<string> {
  for (const folder of folders) {
    const text = await host.text(`${folder}/${name}`);
    if (text !== undefined) return text;
  }
  return '';
}

/** Whether config.txt switches a parameter of the device tree on. */
export function isOn({ config }: BootText, parameter: string): boolean {
  const values = config.split('\n').flatMap((line) => {
    const [, list = ''] = /^dtparam=(.*)$/.exec(line) ?? [];
    return list.split(',').filter((each) => each === parameter || each.startsWith(`${parameter}=`));
  });
  const last = values.at(-1);
  return last !== undefined && !/=(off|no|false|0)$/.test(last);
}

/** The parameters of each use of an overlay. */
export function parametersOf({ config }: BootText, overlay: string): Readonly<Record<string, string | undefined>>[] {
  return config.split('\n').flatMap((line) => {
    if (!line.startsWith('dtoverlay=')) return [];
    const [name, ...parameters] = line.slice('dtoverlay='.length).split(',');
    if (name !== overlay) return [];
    return [Object.fromEntries(parameters.map((each) => each.split('=', 2) as [string, string | undefined]))];
  });
}
