import { readdirSync } from 'node:fs';
import { loadRecipe } from '../config/recipe.ts';
import { messageOf } from '../core/errors.ts';
import type { Manifest } from '../core/recipe.ts';
import { recipeDigest } from './check.ts';
import { folderOf, homeOf, isName, isRecipe, pointerOf, type RecipePlaces } from './find.ts';
import type { Pointer, Reference } from './pointer.ts';

/** One version of a recipe; `fault` says why it cannot be used. */
export interface ListedRecipe {
  readonly name: string;
  readonly folder: string;
  readonly from: 'installed' | 'bundled';
  /** What a station uses that asks for the name; what a rollback returns to; or neither. */
  readonly role: 'current' | 'previous' | 'other';
  readonly manifest?: Manifest;
  readonly digest?: string;
  readonly fault?: string;
}

/** All installed and bundled recipes by name, the newest version first. One that is damaged is listed with its fault. */
export function listRecipes(places: RecipePlaces): ListedRecipe[] {
  const names = new Set([...foldersIn(places.installed), ...foldersIn(places.bundled)].filter(isName));
  return [...names].sort().flatMap((name) => versionsOf(name, places));
}

function versionsOf(name: string, places: RecipePlaces): ListedRecipe[] {
  const installed: Reference[] = foldersIn(homeOf(name, places))
    .filter((entry) => /^[1-9]\d*$/.test(entry))
    .map(Number)
    .sort((a, b) => b - a);
  const bundled: Reference[] = isRecipe(folderOf(name, 'bundled', places)) ? ['bundled'] : [];
  let pointer: Pointer | undefined;
  let fault: string | undefined;
  try {
    pointer = pointerOf(name, places);
  } catch (error) {
    fault = messageOf(error);
  }
  return [...installed, ...bundled].map((version) => ({
    name,
    folder: folderOf(name, version, places),
    from: version === 'bundled' ? 'bundled' : 'installed',
    role: roleOf(version, pointer),
    ...contentOf(folderOf(name, version, places)),
    ...(fault === undefined ? {} : { fault }),
  }));
}

function roleOf(version: Reference, pointer: Pointer | undefined): ListedRecipe['role'] {
  if (version === pointer?.current) return 'current';
  return version === pointer?.previous ? 'previous' : 'other';
}

function contentOf(folder: string): Pick<ListedRecipe, 'manifest' | 'digest' | 'fault'> {
  try {
    return { manifest: loadRecipe(folder).manifest, digest: recipeDigest(folder) };
  } catch (error) {
    return { fault: messageOf(error) };
  }
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch {
    // Nothing was ever installed, or linegate came without recipes.
    return [];
  }
}
