import { type Dirent, readdirSync } from 'node:fs';
import path from 'node:path';
import { LinegateError, messageOf } from '../../core/errors.ts';
import type { Manifest } from '../../core/recipe.ts';
import { randomOf } from '../../core/render/prng.ts';
import { ringClasses, sampleRing } from '../../core/render/ring.ts';
import type { Lots } from './picture-source.ts';

type Labels = Manifest['labels'];

const ringSizePx = 160;
const pictureName = /\.(png|jpe?g|bmp|webp|tiff?)$/i;

/** Rendered machined rings. Throws a LinegateError 'bad-argument' when the recipe is not one for them. */
export function ringLots(labels: Labels, seed: number, defectRate: number): Lots {
  const kinds = new Map(labels.map(({ name, kind }) => [name, kind]));
  const unknown = ringClasses.find((name) => !kinds.has(name));
  if (unknown !== undefined) {
    const known = labels.map(({ name }) => name).join(', ');
    const message = `The recipe has no label "${unknown}" (it has ${known}), so it cannot sort rendered rings; give it a folder of pictures with --images.`;
    throw new LinegateError('bad-argument', message);
  }
  return {
    draw(index) {
      const random = randomOf(seed, 1000 + index);
      const { ringClass, severity } = sampleRing(random, defectRate);
      const part = { index, label: ringClass, defective: kinds.get(ringClass) === 'defect' };
      const partSeed = Math.floor(random() * Number.MAX_SAFE_INTEGER);
      return { part, job: { kind: 'ring', seed: partSeed, ringClass, severity, sizePx: ringSizePx } };
    },
  };
}

/**
 * Pictures from `folder`, which holds one folder per label of the recipe, drawn at random. Throws a LinegateError
 * 'bad-argument' when there is nothing to draw from, or a folder that is no label.
 */
export function folderLots(folder: string, labels: Labels, seed: number, defectRate: number): Lots {
  const files = { ok: [] as Labelled[], defect: [] as Labelled[] };
  for (const name of foldersIn(folder)) {
    const label = labels.find((l) => l.name === name);
    if (label === undefined) {
      const known = labels.map((l) => l.name).join(', ');
      throw new LinegateError('bad-argument', `${path.join(folder, name)} is no label of the recipe; it has ${known}.`);
    }
    const pictures = picturesIn(path.join(folder, name));
    files[label.kind].push(...pictures.map((file) => ({ file, label: name })));
  }
  const [good, bad] = [files.ok, files.defect];
  if (good.length + bad.length === 0) {
    throw new LinegateError(
      'bad-argument',
      `There are no pictures in the folders of ${folder}; give one folder per label.`,
    );
  }
  return {
    draw(index) {
      const random = randomOf(seed, 1000 + index);
      const wanted = random() < defectRate;
      const defective = bad.length > 0 && (wanted || good.length === 0);
      const { file, label } = oneOf(defective ? bad : good, random());
      return { part: { index, label, defective }, job: { kind: 'file', file } };
    },
  };
}

interface Labelled {
  readonly file: string;
  readonly label: string;
}

function oneOf(files: readonly Labelled[], fraction: number): Labelled {
  const drawn = files[Math.floor(fraction * files.length)];
  if (drawn === undefined)
    throw new LinegateError('illegal-input', `Nothing can be drawn from ${files.length} pictures.`);
  return drawn;
}

function foldersIn(folder: string): string[] {
  const entries = list(folder).filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  return entries.map((entry) => entry.name).sort();
}

function picturesIn(folder: string): string[] {
  const entries = list(folder).filter((entry) => entry.isFile() && pictureName.test(entry.name));
  return entries.map((entry) => path.join(folder, entry.name)).sort();
}

function list(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    const message = `The folder ${folder} cannot be read: ${messageOf(error)}.`;
    throw new LinegateError('bad-argument', message, { cause: error });
  }
}
