import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { LinegateError, messageOf } from '../core/errors.ts';
import { type Manifest, manifestSchema } from '../core/recipe.ts';
import { readDocument } from './read.ts';

/** A recipe on the disk, its manifest checked and its model's digest compared. */
export interface Recipe {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly modelFile: string;
  /** `name@version`, as records cite it. */
  readonly id: string;
}

/** Finds a recipe by a folder's path, or by name among those in `bundled`. Throws LinegateError 'bad-recipe'. */
export function loadRecipe(nameOrFolder: string, bundled: string): Recipe {
  const folder = findFolder(nameOrFolder, bundled);
  const manifest = readDocument(path.join(folder, 'manifest.json'), 'recipe', manifestSchema, 'bad-recipe');
  const modelFile = path.join(folder, manifest.model.file);
  checkModel(modelFile, manifest);
  return { folder, manifest, modelFile, id: `${manifest.name}@${manifest.version}` };
}

function findFolder(nameOrFolder: string, bundled: string): string {
  const candidates = [path.join(bundled, nameOrFolder), path.resolve(nameOrFolder)];
  const found = candidates.find((folder) => existsSync(path.join(folder, 'manifest.json')));
  if (found !== undefined) return found;
  const message = `There is no recipe "${nameOrFolder}": no manifest.json in ${candidates.join(' or ')}.`;
  throw new LinegateError('bad-recipe', message);
}

function checkModel(file: string, manifest: Manifest): void {
  const { sha256, sizeBytes } = manifest.model;
  let bytes: Buffer;
  try {
    const { size } = statSync(file);
    if (size !== sizeBytes) {
      const message = `The model ${file} has ${size} bytes where its manifest says ${sizeBytes}; install the recipe again.`;
      throw new LinegateError('bad-model', message);
    }
    bytes = readFileSync(file);
  } catch (error) {
    if (error instanceof LinegateError) throw error;
    throw new LinegateError('bad-model', `The model ${file} cannot be read: ${messageOf(error)}.`, { cause: error });
  }
  const digest = createHash('sha256').update(bytes).digest('hex');
  if (digest === sha256) return;
  const message = `The model ${file} has digest ${digest.slice(0, 12)}... where its manifest says ${sha256.slice(0, 12)}...; install the recipe again.`;
  throw new LinegateError('bad-model', message);
}
