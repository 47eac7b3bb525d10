import { type Chips, parseChips } from '../doctor/chips.ts';
import type { Host } from '../doctor/host.ts';
import { type BoardName, boardOf, boards } from './boards.ts';
import { parseRpicam, parseV4l2, type V4l2Camera } from './cameras.ts';

/** What there is on the computer that the station file is written on. */
export interface Found {
  /** What its device tree calls it; null without one. */
  readonly model: string | null;
  readonly board: Exclude<BoardName, 'simulator'> | null;
  readonly chips: Chips;
  readonly v4l2: readonly V4l2Camera[];
  readonly rpicam: { readonly installed: boolean; readonly sensors: readonly string[] };
  /** Whether GStreamer has the Jetson's camera source. */
  readonly gstreamer: boolean;
}

/** The programs that came with linegate. */
export interface Programs {
  readonly gpioinfo: string;
  readonly v4l2: string;
}

const byId = '/dev/v4l/by-id';

/** Looks for board, chips, lines and cameras; changes nothing. */
export async function lookAround(host: Host, programs: Programs): Promise<Found> {
  const model = (await host.text('/proc/device-tree/model'))?.replaceAll('\0', '').trim() ?? null;
  const chips = parseChips(await host.run(programs.gpioinfo, []));
  const links = await cameraLinks(host);
  const cameras = parseV4l2(await host.run(programs.v4l2, ['--list']));
  const gst = await host.run('gst-inspect-1.0', ['nvarguscamerasrc']);
  return {
    model,
    board: model === null ? null : boardOf(model),
    chips,
    v4l2: cameras.map((camera) => ({ ...camera, device: links.get(camera.device) ?? camera.device })),
    rpicam: parseRpicam(await host.run('rpicam-hello', ['--list-cameras'])),
    gstreamer: gst.kind === 'ran' && gst.code === 0,
  };
}

/** Links that stay when a camera is plugged in again, by the device that they lead to. */
async function cameraLinks(host: Host): Promise<ReadonlyMap<string, string>> {
  const links = new Map<string, string>();
  for (const name of await host.names(byId)) {
    const link = `${byId}/${name}`;
    const target = await host.run('readlink', ['-f', link]);
    if (target.kind === 'ran' && target.code === 0) links.set(target.stdout.trim(), link);
  }
  return links;
}

/** What was found, a line each, for a person. */
export function foundWords({ model, board, chips, v4l2, rpicam, gstreamer }: Found): string[] {
  const known = board === null ? 'no board that this knows' : boards[board].title;
  const labels = chips.kind === 'known' ? chips.chips.map(({ label }) => label).join(', ') || 'none' : chips.why;
  const cameras = [
    ...v4l2.map(({ device, card }) => `${card} at ${device}`),
    ...rpicam.sensors.map((sensor, at) => `${sensor} (rpicam ${at})`),
    ...(gstreamer ? ['the Jetson’s camera source'] : []),
  ];
  return [
    `Board:   ${known}${model === null ? '' : ` (${model})`}`,
    `Chips:   ${labels}`,
    `Cameras: ${cameras.join(', ') || 'none'}`,
  ];
}
