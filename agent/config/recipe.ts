import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { LinegateError, messageOf } from '../core/errors.ts';
import { type Golden, goldenSchema, type Manifest, manifestSchema } from '../core/recipe.ts';
import { readDocument, readSmallFile } from './read.ts';

/** A recipe on the disk, its manifest checked and its model's digest compared. */
export interface Recipe {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly modelFile: string;
  /** `name@version`, as records cite it. */
  readonly id: string;
}

/** Reads the recipe in a folder. Throws LinegateError 'bad-recipe', and 'bad-model' when the model is not the manifest's. */
export function loadRecipe(folder: string): Recipe {
  const manifest = readManifest(folder);
  const modelFile = path.join(folder, manifest.model.file);
  checkModel(modelFile, manifest.model);
  return { folder, manifest, modelFile, id: `${manifest.name}@${manifest.version}` };
}

/** The manifest of the recipe in a folder, whatever else lies there. Throws LinegateError 'bad-recipe'. */
export function readManifest(folder: string): Manifest {
  return readDocument(path.join(folder, 'manifest.json'), 'recipe', manifestSchema, 'bad-recipe');
}

function checkModel(file: string, { sha256, sizeBytes }: Pick<Manifest['model'], 'sha256' | 'sizeBytes'>): void {
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
    throw new LinegateError(
      'bad-model',
      `The model ${file} cannot be read: ${messageOf(error)}; copy the whole bundle again.`,
      {
        cause: error,
      },
    );
  }
  const digest = digestOf(bytes);
  if (digest === sha256) return;
  const message = `The model ${file} has digest ${digest.slice(0, 12)}... where its manifest says ${sha256.slice(0, 12)}...; install the recipe again.`;
  throw new LinegateError('bad-model', message);
}

/** A golden vector with its tensor read. */
export interface GoldenVector {
  readonly label: string;
  /** uint8 NHWC. */
  readonly tensor: Uint8Array;
  readonly scores: readonly number[];
}

/** The inputs with known scores that came with a recipe. Throws LinegateError 'bad-recipe'. */
export function loadGolden(recipe: Recipe): { tolerance: number; vectors: GoldenVector[] } {
  const { widthPx, heightPx, colour } = recipe.manifest.preprocess;
  const tensorBytes = widthPx * heightPx * (colour === 'rgb' ? 3 : 1);
  const folder = path.dirname(path.join(recipe.folder, recipe.manifest.golden.file));
  const { tolerance, vectors } = readGolden(recipe);
  const read = vectors.map(({ tensor, label, scores }) => {
    return { label, scores, tensor: readTensor(path.join(folder, tensor), tensorBytes) };
  });
  return { tolerance, vectors: read };
}

/**
 * The files that make up a recipe, relative to its folder. Throws LinegateError 'bad-recipe', and 'bad-model' when the TFLite
 * model, which no station runs but an ESP32 may come for, is not the manifest's.
 */
export function recipeFiles(recipe: Recipe): string[] {
  const { model, tflite, golden } = recipe.manifest;
  const tensors = readGolden(recipe).vectors.map(({ tensor }) => path.join(path.dirname(golden.file), tensor));
  if (tflite !== undefined) checkModel(path.join(recipe.folder, tflite.file), tflite);
  const models = tflite === undefined ? [model.file] : [model.file, tflite.file];
  return [...new Set(['manifest.json', ...models, golden.file, ...tensors])];
}

function readGolden({ folder, manifest }: Recipe): Golden {
  const file = path.join(folder, manifest.golden.file);
  const text = readSmallFile(file, 'golden vectors', 'bad-recipe');
  if (digestOf(text) !== manifest.golden.sha256) {
    const message = `The golden vectors ${file} are not those that the manifest names; install the recipe again.`;
    throw new LinegateError('bad-recipe', message);
  }
  return readDocument(file, 'golden vectors', goldenSchema, 'bad-recipe');
}

function readTensor(file: string, tensorBytes: number): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new LinegateError('bad-recipe', `The golden tensor ${file} cannot be read: ${messageOf(error)}.`, {
      cause: error,
    });
  }
  if (bytes.length === tensorBytes) return bytes;
  const message = `The golden tensor ${file} has ${bytes.length} bytes where the recipe's input has ${tensorBytes}.`;
  throw new LinegateError('bad-recipe', message);
}

function digestOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
