import path from 'node:path';
import { LinegateError, messageOf } from '../../agent/core/errors.ts';
import { type Sharp, thumbnail } from '../../tools/evaluate/pictures/decode.ts';
import type { Change } from './tally.ts';

const columns = 10;
const cell = { widthPx: 168, heightPx: 192 } as const;
const picturePx = 128;
const marginPx = 20;
const headPx = 48;
const footPx = 36;
/** The sheet stays a picture that any viewer opens. */
const mostShown = 200;

const colours: Readonly<Record<string, string>> = { pass: '#1a7f37', review: '#9a6700', reject: '#b42318' };

/** What a contact sheet shows. */
export interface SheetRequest {
  readonly file: string;
  readonly title: string;
  readonly pictures: string;
  readonly changes: readonly Change[];
  /** How many parts change; more than are shown are told in a note. */
  readonly changed: number;
}

/**
 * Writes a PNG with the picture of each change, its part number, both verdicts and scores. Rejects with LinegateError
 * 'bad-argument' when the file cannot be written.
 */
export async function writeSheet(sharp: Sharp, request: SheetRequest): Promise<{ shown: number; leftOut: number }> {
  const shown = request.changes.slice(0, mostShown);
  const leftOut = request.changed - shown.length;
  const rows = Math.ceil(shown.length / columns);
  const width = 2 * marginPx + Math.min(columns, Math.max(4, shown.length)) * cell.widthPx;
  const height = headPx + rows * cell.heightPx + footPx;
  const overlays: { input: Buffer; left: number; top: number }[] = [];
  for (const [index, change] of shown.entries()) {
    const input = await cellPicture(sharp, path.join(request.pictures, change.picture));
    const { x, y } = placeOf(index);
    overlays.push({ input, left: x + (cell.widthPx - picturePx) / 2, top: y });
  }
  const text = Buffer.from(svg(width, height, request.title, shown, leftOut));
  try {
    await sharp({ create: { width, height, channels: 3, background: '#ffffff' } })
      .composite([...overlays, { input: text, left: 0, top: 0 }])
      .png()
      .toFile(request.file);
  } catch (cause) {
    const message = `The contact sheet ${request.file} cannot be written (${messageOf(cause)}): name another file.`;
    throw new LinegateError('bad-argument', message, { cause });
  }
  return { shown: shown.length, leftOut };
}

function placeOf(index: number): { x: number; y: number } {
  const row = Math.floor(index / columns);
  return { x: marginPx + (index % columns) * cell.widthPx, y: headPx + row * cell.heightPx };
}

/** The picture, whole, in a square of the sheet's background. */
async function cellPicture(sharp: Sharp, file: string): Promise<Buffer> {
  const small = await thumbnail(sharp, file, picturePx);
  return await sharp(small).resize(picturePx, picturePx, { fit: 'contain', background: '#ffffff' }).png().toBuffer();
}

function svg(width: number, height: number, title: string, changes: readonly Change[], leftOut: number): string {
  const cells = changes.map((change, index) => caption(change, placeOf(index)));
  const note = leftOut > 0 ? `${leftOut} more parts change and are not shown.` : '';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="DejaVu Sans, Liberation Sans, sans-serif">
    <text x="${marginPx}" y="30" font-size="17" font-weight="bold" fill="#1f2328">${escaped(title)}</text>
    ${cells.join('')}
    <text x="${marginPx}" y="${height - 13}" font-size="13" fill="#59636e">${note}</text></svg>`;
}

function caption({ part, from, to, was, now }: Change, { x, y }: { x: number; y: number }): string {
  const left = x + (cell.widthPx - picturePx) / 2;
  const line = (row: number, text: string, style: string): string =>
    `<text x="${left}" y="${y + picturePx + 15 + row * 14}" font-size="11" ${style}>${escaped(text)}</text>`;
  const colour = colours[to] ?? '#1f2328';
  const before = was.score === null ? '' : `was ${scored(was.label ?? '', was.score)}`;
  return [
    `<rect x="${left}" y="${y}" width="${picturePx}" height="${picturePx}" fill="none" stroke="${colour}" stroke-width="3"/>`,
    line(0, `${part}: ${from} → ${to}`, `font-weight="bold" fill="${colour}"`),
    line(1, scored(now.label, now.score), 'fill="#1f2328"'),
    line(2, before, 'fill="#59636e"'),
  ].join('');
}

function scored(label: string, score: number): string {
  return `${label.length > 17 ? `${label.slice(0, 16)}…` : label} ${score.toFixed(2)}`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
