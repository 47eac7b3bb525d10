import { z } from 'zod';
import type { Ran } from '../doctor/host.ts';

const size = z.object({ widthPx: z.int(), heightPx: z.int(), framesPerSecond: z.array(z.number()) });
const format = z.object({ format: z.string(), usable: z.boolean(), sizes: z.array(size).default([]) });
const control = z.object({ name: z.string(), min: z.int(), max: z.int() });
const answer = z.array(
  z.object({ device: z.string(), card: z.string(), formats: z.array(format), controls: z.array(control) }),
);

/** A camera that the kernel shows, with what a station would ask of it. */
export interface V4l2Camera {
  readonly device: string;
  readonly card: string;
  readonly format: 'nv12' | 'yuyv' | 'grey' | 'rgb';
  readonly widthPx: number;
  readonly heightPx: number;
  readonly framesPerSecond: number;
  /** Names with their ranges, as `gain 0 to 100`. */
  readonly controls: readonly string[];
}

/** By the kernel's code, the ones that cost the computer least first. */
const formats = { NV12: 'nv12', YUYV: 'yuyv', GREY: 'grey', RGB3: 'rgb' } as const;
const enoughPixels = 1280 * 720;
const usualRate = 30;

/** The usable cameras of what `linegate-v4l2 --list` printed; none when it printed nothing usable. */
export function parseV4l2(ran: Ran): V4l2Camera[] {
  if (ran.kind !== 'ran' || ran.code !== 0) return [];
  try {
    return answer.parse(JSON.parse(ran.stdout)).flatMap(choose);
  } catch {
    return [];
  }
}

function choose({ device, card, formats: offered, controls }: z.infer<typeof answer>[number]): V4l2Camera[] {
  const ranges = controls.map(({ name, min, max }) => `${name} ${min} to ${max}`);
  for (const [code, name] of Object.entries(formats)) {
    const sizes = offered.filter((each) => each.format === code && each.usable).flatMap((each) => each.sizes);
    const best = bestSize(sizes);
    if (best === null) continue;
    const rates = best.framesPerSecond.filter((rate) => rate >= 2 && rate <= 1000);
    const framesPerSecond = Math.max(...(rates.length > 0 ? rates : [usualRate]));
    const { widthPx, heightPx } = best;
    return [{ device, card, format: name, widthPx, heightPx, framesPerSecond, controls: ranges }];
  }
  return [];
}

/** The largest that is no larger than 720p, else the smallest. */
function bestSize(sizes: readonly z.infer<typeof size>[]): z.infer<typeof size> | null {
  const fits = ({ widthPx, heightPx }: z.infer<typeof size>): boolean =>
    [widthPx, heightPx].every((side) => side >= 16 && side <= 4096 && side % 2 === 0);
  const pixels = (each: z.infer<typeof size>): number => each.widthPx * each.heightPx;
  const sorted = sizes.filter(fits).sort((a, b) => pixels(a) - pixels(b));
  return sorted.findLast((each) => pixels(each) <= enoughPixels) ?? sorted[0] ?? null;
}

/** What `rpicam-hello --list-cameras` says: whether it is there, and the cameras by their names. */
export function parseRpicam(ran: Ran): { readonly installed: boolean; readonly sensors: readonly string[] } {
  if (ran.kind !== 'ran') return { installed: false, sensors: [] };
  const sensors = [...`${ran.stdout}\n${ran.stderr}`.matchAll(/^\d+ : (\S+)/gm)].map(([, name = '']) => name);
  return { installed: true, sensors };
}
