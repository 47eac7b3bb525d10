import sharp, { type OverlayOptions } from 'sharp';
import { renderRing, ringClasses, ringDomains } from '../../agent/core/render/ring.ts';
import type { RenderArguments } from './arguments.ts';

const columns = 6;
const headerPx = 22;
// Camera noise does not compress; coarser tones make the sheet a fifth of the size and leave all there is to see.
const toneStep = 12;

/** Writes one picture with a row for each class, from gross (left) to marginal (right), each cell another part. */
export async function writeMontage(file: string, request: RenderArguments): Promise<void> {
  const { sizePx } = request;
  const labelPx = 150;
  const layers: OverlayOptions[] = [{ input: Buffer.from(captions(sizePx, labelPx)), left: 0, top: 0 }];
  for (const [row, ringClass] of ringClasses.entries()) {
    for (let column = 0; column < columns; column += 1) {
      const severity = 1 - column / (columns - 1);
      const seed = request.seed * 1000 + row * columns + column;
      const input = Buffer.from(renderRing({ seed, ringClass, severity, domain: ringDomains[request.domain], sizePx }));
      const raw = { width: sizePx, height: sizePx, channels: 3 } as const;
      layers.push({ input, raw, left: labelPx + column * sizePx, top: headerPx + row * sizePx });
    }
  }
  const width = labelPx + columns * sizePx;
  const height = headerPx + ringClasses.length * sizePx;
  const sheet = sharp({ create: { width, height, channels: 3, background: '#16181c' } });
  const tones = await sheet.composite(layers).removeAlpha().raw().toBuffer();
  for (let i = 0; i < tones.length; i += 1) tones[i] = Math.round((tones[i] ?? 0) / toneStep) * toneStep;
  const raw = { width, height, channels: 3 } as const;
  await sharp(tones, { raw }).png({ palette: true, dither: 0, effort: 10 }).toFile(file);
}

function captions(sizePx: number, labelPx: number): string {
  const text = (x: number, y: number, words: string): string =>
    `<text x="${x}" y="${y}" font-family="sans-serif" font-size="14" fill="#e6e8ec">${words}</text>`;
  const rows = ringClasses.map((name, row) => text(8, headerPx + (row + 0.5) * sizePx + 5, name));
  const heads = Array.from({ length: columns }, (_, column) =>
    text(labelPx + column * sizePx + 4, 16, (1 - column / (columns - 1)).toFixed(2)),
  );
  const size = `width="${labelPx + columns * sizePx}" height="${headerPx + ringClasses.length * sizePx}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${text(8, 16, 'severity')}${rows.join('')}${heads.join('')}</svg>`;
}
