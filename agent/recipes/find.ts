import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadRecipe, type Recipe } from '../config/recipe.ts';
import { LinegateError } from '../core/errors.ts';
import { type Pointer, type Reference, readPointer } from './pointer.ts';

/** Where recipes lie. */
export interface RecipePlaces {
  /** Where relative paths start. */
  readonly base: string;
  /** Holds a folder a recipe, with a folder a version and current.json. */
  readonly installed: string;
  /** Those that came with linegate: a folder a recipe. */
  readonly bundled: string;
}

/** A recipe's folder and which of the places it is from. */
export interface FoundRecipe {
  readonly folder: string;
  readonly from: 'folder' | 'installed' | 'bundled';
}

const plainName = /^[a-z0-9][a-z0-9-]*$/;

/** The places of a station with this state folder; a recipe comes in a checkout in models/int8, on a device beside the bundle. */
export function recipePlaces(stateFolder: string, base: string): RecipePlaces {
  const relative = import.meta.url.endsWith('.ts') ? '../../models/int8' : './models/int8';
  const bundled = fileURLToPath(new URL(relative, import.meta.url));
  return { base, installed: path.resolve(base, stateFolder, 'recipes'), bundled };
}

/**
 * Finds a recipe. A path is that folder; a plain name is the installed version that is current, else the recipe that came
 * with linegate, else a folder of that name. Throws LinegateError 'bad-recipe' when there is none.
 */
export function findRecipe(nameOrFolder: string, places: RecipePlaces): FoundRecipe {
  const folder = { folder: path.resolve(places.base, nameOrFolder), from: 'folder' } as const;
  const candidates = isName(nameOrFolder) ? [current(nameOrFolder, places), folder] : [folder];
  const found = candidates.find((candidate) => isRecipe(candidate.folder));
  if (found !== undefined) return found;
  const looked = candidates.map((candidate) => candidate.folder).join(' or ');
  throw new LinegateError(
    'bad-recipe',
    `There is no recipe "${nameOrFolder}": no manifest.json in ${looked}; "linegate recipe list" shows those there are.`,
  );
}

/** Finds a recipe and checks it against its digests. Throws LinegateError 'bad-recipe' or 'bad-model'. */
export function openRecipe(nameOrFolder: string, places: RecipePlaces): Recipe {
  return loadRecipe(findRecipe(nameOrFolder, places).folder);
}

/** Which version of a recipe a station uses and which it used before; undefined when there is no recipe of that name. */
export function pointerOf(name: string, places: RecipePlaces): Pointer | undefined {
  const bundled = isRecipe(folderOf(name, 'bundled', places))
    ? ({ current: 'bundled', previous: null } as const)
    : undefined;
  return readPointer(homeOf(name, places)) ?? bundled;
}

/** The folder of one version of a recipe. */
export function folderOf(name: string, version: Reference, places: RecipePlaces): string {
  return version === 'bundled' ? path.join(places.bundled, name) : path.join(homeOf(name, places), String(version));
}

/** The folder of all that is installed of a recipe. */
export function homeOf(name: string, { installed }: RecipePlaces): string {
  return path.join(installed, name);
}

export function isRecipe(folder: string): boolean {
  return existsSync(path.join(folder, 'manifest.json'));
}

/** Whether it is a recipe's name rather than a path. */
export function isName(nameOrFolder: string): boolean {
  return plainName.test(nameOrFolder);
}

function current(name: string, places: RecipePlaces): FoundRecipe {
  const version = pointerOf(name, places)?.current ?? 'bundled';
  return { folder: folderOf(name, version, places), from: version === 'bundled' ? 'bundled' : 'installed' };
}
