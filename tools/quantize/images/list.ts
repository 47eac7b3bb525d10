import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { LinegateError, messageOf } from '../../../agent/core/errors.ts';

/** An image file and what a person says it shows. */
export interface LabelledImage {
  readonly file: string;
  /** In lower case, as a recipe writes its labels: a folder `Hot-Spot` stands for the label `hot-spot`. */
  readonly label: string;
  /** Pictures of one tray, batch or part share it; without a word on that each picture is a group of its own. */
  readonly group: string;
}

/** A folder with one folder a label, or a CSV of `file,class` and perhaps `group` whose files lie under `root` (default: beside the CSV). */
export interface ImageSource {
  readonly path: string;
  readonly root?: string | undefined;
}

const IMAGE_FILE = /\.(jpe?g|png|webp|bmp|tiff?)$/i;

/**
 * The images of a source in the order of their paths, so that the order of a listing changes nothing.
 * Throws LinegateError 'bad-argument' when there are none.
 */
export async function listImages(source: ImageSource): Promise<LabelledImage[]> {
  const found = await kindOf(source.path);
  const images = found === 'folder' ? await fromFolders(source.path) : await fromCsv(source);
  if (images.length === 0) {
    throw new LinegateError(
      'bad-argument',
      `${source.path} holds no images; give a folder with one folder a label, or a CSV.`,
    );
  }
  return images.sort((a, b) => (a.file < b.file ? -1 : 1));
}

async function kindOf(location: string): Promise<'folder' | 'file'> {
  try {
    return (await stat(location)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    throw new LinegateError('bad-argument', `${location} cannot be read (${messageOf(error)}).`, { cause: error });
  }
}

async function fromFolders(folder: string): Promise<LabelledImage[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const labels = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const lists = labels.map(async (label) => {
    const names = await readdir(path.join(folder, label));
    return names
      .filter((name) => IMAGE_FILE.test(name))
      .map((name) => path.join(folder, label, name))
      .map((file) => ({ file, label: label.toLowerCase(), group: file }));
  });
  return (await Promise.all(lists)).flat();
}

async function fromCsv({ path: file, root }: ImageSource): Promise<LabelledImage[]> {
  const [header = '', ...rows] = (await readFile(file, 'utf8')).split(/\r?\n/);
  const columns = header.split(',');
  const [fileAt, labelAt, groupAt] = [columns.indexOf('file'), columns.indexOf('class'), columns.indexOf('group')];
  if (fileAt < 0 || labelAt < 0) {
    throw new LinegateError(
      'bad-argument',
      `${file} has the columns "${header.slice(0, 80)}"; "file" and "class" are needed.`,
    );
  }
  return rows
    .filter((row) => row !== '')
    .map((row) => row.split(','))
    .map((cells) => {
      const image = path.join(root ?? path.dirname(file), cells[fileAt] ?? '');
      return { file: image, label: (cells[labelAt] ?? '').toLowerCase(), group: cells[groupAt] || image };
    });
}

/** At most `count` of `items`, evenly over the whole list. */
export function spread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return items.filter(
    (_, i) => Math.floor((i * count) / items.length) !== Math.floor(((i - 1) * count) / items.length),
  );
}
