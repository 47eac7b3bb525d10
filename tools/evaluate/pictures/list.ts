import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { LinegateError, messageOf } from '../../../agent/core/errors.ts';
import { parseCsv } from './csv.ts';

/** A picture file with what a person says it shows. */
export interface ListedPicture {
  /** Its path inside the folder of pictures. */
  readonly file: string;
  readonly label: string;
  /** Pictures of one tray, batch or part. */
  readonly group: string;
}

export interface PictureList {
  readonly pictures: readonly ListedPicture[];
  /** Whether somebody said which pictures belong together; otherwise each is a group of its own. */
  readonly grouped: boolean;
}

const pictureName = /\.(png|jpe?g|webp|tiff?)$/i;

/**
 * The labelled pictures in `folder`, in the order of their paths: those that `manifest` lists (CSV with file, class and, at
 * best, group), or its own manifest.csv, or else those of its folders, one a label. A folder `Hot-Spot` stands for the
 * label `hot-spot`. Throws LinegateError 'bad-argument' where there are none, or one has a label that is not of `labels`.
 */
export function listPictures(folder: string, manifest: string | undefined, labels: readonly string[]): PictureList {
  const beside = path.join(folder, 'manifest.csv');
  const csv = manifest ?? (existsSync(beside) ? beside : undefined);
  const list = csv === undefined ? fromFolders(folder) : fromCsv(csv);
  if (list.pictures.length === 0) {
    const wanted = 'give one folder of JPEG, PNG, WebP or TIFF files per label, or a CSV with --manifest';
    throw new LinegateError(
      'bad-argument',
      `There are no pictures in ${csv ?? `the folders of ${folder}`}; ${wanted}.`,
    );
  }
  refuseTwice(list.pictures, csv);
  const named = list.pictures.map((picture) => ({ ...picture, label: knownLabel(picture, labels) }));
  return { ...list, pictures: named.sort((a, b) => (a.file < b.file ? -1 : 1)) };
}

function fromFolders(folder: string): PictureList {
  const folders = entriesOf(folder).filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  const pictures = folders.flatMap(({ name: label }) => {
    const files = entriesOf(path.join(folder, label)).filter((entry) => entry.isFile() && pictureName.test(entry.name));
    return files.map(({ name }) => ({ file: `${label}/${name}`, label, group: `${label}/${name}` }));
  });
  return { pictures, grouped: false };
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (cause) {
    throw new LinegateError('bad-argument', `The folder ${folder} cannot be read (${messageOf(cause)}).`, { cause });
  }
}

function fromCsv(csv: string): PictureList {
  const { columns, rows } = parseCsv(textOf(csv));
  if (!columns.includes('file') || !columns.includes('class')) {
    const found = columns.join(',').slice(0, 80);
    throw new LinegateError('bad-argument', `${csv} has the columns "${found}"; "file" and "class" are needed.`);
  }
  const pictures = rows.map(({ file = '', class: label = '', group }) => ({ file, label, group: group || file }));
  return { pictures, grouped: rows.some(({ group }) => group !== undefined && group !== '') };
}

function textOf(csv: string): string {
  try {
    return readFileSync(csv, 'utf8');
  } catch (cause) {
    throw new LinegateError('bad-argument', `The list ${csv} cannot be read (${messageOf(cause)}).`, { cause });
  }
}

function refuseTwice(pictures: readonly ListedPicture[], csv: string | undefined): void {
  const seen = new Set<string>();
  for (const { file } of pictures) {
    if (seen.has(file)) {
      throw new LinegateError('bad-argument', `${csv} lists "${file}" twice; a picture may count once only.`);
    }
    seen.add(file);
  }
}

function knownLabel({ file, label }: ListedPicture, labels: readonly string[]): string {
  const known = [label, label.toLowerCase()].find((name) => labels.includes(name));
  if (known !== undefined) return known;
  throw new LinegateError(
    'bad-argument',
    `The picture ${file} has the label "${label}", which the recipe does not have (it has ${labels.join(', ')}).`,
  );
}
