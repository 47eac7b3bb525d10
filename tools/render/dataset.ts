import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { randomOf } from '../../agent/core/render/prng.ts';
import { type RingClass, renderRing, ringClasses, ringDomains, sampleRing } from '../../agent/core/render/ring.ts';
import type { RenderArguments } from './arguments.ts';

const partsPerGroup = 50;
const defectRate = 0.3;
// Seeds of different data sets never meet below a million pictures each.
const seedsPerSet = 1_000_000;

/**
 * Writes DIR/<class>/<seed>-<i>.png and DIR/manifest.csv.
 * @param onProgress called after every picture with the number done
 */
export async function writeDataset(
  out: string,
  request: RenderArguments,
  onProgress: (done: number) => void,
): Promise<void> {
  for (const name of ringClasses) await mkdir(join(out, name), { recursive: true });
  const random = randomOf(request.seed, 0);
  const rows = ['file,class,group,severity'];
  for (let i = 0; i < request.count; i += 1) {
    const { ringClass, severity } = drawPart(random, request.balanced, i);
    const file = `${ringClass}/${request.seed}-${i}.png`;
    const seed = request.seed * seedsPerSet + i;
    const { sizePx } = request;
    const pixels = renderRing({ seed, ringClass, severity, domain: ringDomains[request.domain], sizePx });
    await writePng(join(out, file), pixels, sizePx);
    rows.push(`${file},${ringClass},${request.seed}-${Math.floor(i / partsPerGroup)},${severity.toFixed(4)}`);
    onProgress(i + 1);
  }
  await writeFile(join(out, 'manifest.csv'), `${rows.join('\n')}\n`);
}

function drawPart(random: () => number, balanced: boolean, i: number): { ringClass: RingClass; severity: number } {
  if (!balanced) return sampleRing(random, defectRate);
  const ringClass = ringClasses[i % ringClasses.length] ?? 'normal';
  const severity = random();
  return { ringClass, severity: ringClass === 'normal' ? 0 : severity };
}

async function writePng(file: string, pixels: Uint8Array, sizePx: number): Promise<void> {
  const raw = { width: sizePx, height: sizePx, channels: 3 } as const;
  await sharp(pixels, { raw }).png({ compressionLevel: 6 }).toFile(file);
}
