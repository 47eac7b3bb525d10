import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadRecipe, type Recipe } from '../config/recipe.ts';
import { LinegateError } from '../core/errors.ts';
import { type Reference, readPointer } from './pointer.ts';

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

const manifestFile = 'manifest.json';
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
  const candidates = plainName.test(nameOrFolder) ? [...byName(nameOrFolder, places), folder] : [folder];
  const found = candidates.find((candidate) => existsSync(path.join(candidate.folder, manifestFile)));
  if (found !== undefined) return found;
  const looked = candidates.map((candidate) => candidate.folder).join(' or ');
  throw new LinegateError(
    'bad-recipe',
    `There is no recipe "${nameOrFolder}": no ${manifestFile} in ${looked}; "linegate recipe list" shows those there are.`,
  );
}

/** Finds a recipe and checks it against its digests. Throws LinegateError 'bad-recipe' or 'bad-model'. */
export function openRecipe(nameOrFolder: string, places: RecipePlaces): Recipe {
  return loadRecipe(findRecipe(nameOrFolder, places).folder);
}

/** The folder of one version of a recipe. */
export function folderOf(name: string, version: Reference, { installed, bundled }: RecipePlaces): string {
  return version === 'bundled' ? path.join(bundled, name) : path.join(installed, name, String(version));
}

function byName(name: string, places: RecipePlaces): FoundRecipe[] {
  const current = readPointer(path.join(places.installed, name))?.current ?? 'bundled';
  const from = current === 'bundled' ? 'bundled' : 'installed';
  return [{ folder: folderOf(name, current, places), from }];
}
