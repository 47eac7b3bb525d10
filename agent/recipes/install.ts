import path from 'node:path';
import { loadGolden, loadRecipe, type Recipe, readManifest, recipeFiles } from '../config/recipe.ts';
import { LinegateError } from '../core/errors.ts';
import { checkRecipe, type RecipeCheck, recipeDigest } from './check.ts';
import { folderOf, isRecipe, type RecipePlaces } from './find.ts';
import type { Reference } from './pointer.ts';
import { Staging } from './staging.ts';
import { makeCurrent } from './switch.ts';

/** A recipe that a station will use from its next start. */
export interface InstalledRecipe extends RecipeCheck {
  readonly recipe: Recipe;
  readonly digest: string;
  /** What it replaces and `rollback` returns to. */
  readonly previous: Reference | null;
}

/** What is being done, for a person who waits. */
export type InstallStep = 'copying' | 'checking' | 'switching';

/**
 * Installs the recipe in `folder` and makes it the current one. The copy is checked, its golden vectors run, before it gets
 * its place; a crash at any moment leaves the recipe before it in use. Installing what is installed makes it current.
 * Rejects with LinegateError 'bad-recipe' or 'bad-model' for a bundle that is damaged, does not reproduce its golden vectors
 * or has the version of another one, 'state-folder' where nothing can be written.
 */
export async function installRecipe(
  folder: string,
  places: RecipePlaces,
  onStep: (step: InstallStep) => void = () => {},
): Promise<InstalledRecipe> {
  const source = loadRecipe(folder);
  const { name, version } = source.manifest;
  const digest = recipeDigest(folder);
  loadGolden(source);
  refuseOther(source, digest, places);
  const staging = new Staging(path.join(places.installed, name));
  try {
    onStep('copying');
    const copy = staging.copy(folder, recipeFiles(source));
    onStep('checking');
    const check = await checkRecipe(loadRecipe(copy));
    onStep('switching');
    const place = folderOf(name, version, places);
    if (!isWhole(place)) staging.moveTo(place);
    const previous = makeCurrent(name, version, places);
    return { ...check, digest, recipe: loadRecipe(place), previous };
  } finally {
    staging.clear();
  }
}

/** Two recipes under one version would make the records, which cite name and version, ambiguous. */
function refuseOther({ manifest }: Recipe, digest: string, places: RecipePlaces): void {
  const { name, version } = manifest;
  const taken = [folderOf(name, version, places), folderOf(name, 'bundled', places)];
  const other = taken.find((place) => versionAt(place) === version && recipeDigest(place) !== digest);
  if (other === undefined) return;
  throw new LinegateError(
    'bad-recipe',
    `${name} version ${version} is already at ${other} with other content; give the new one a higher version in its manifest.json.`,
  );
}

/** Undefined for a place that is empty or so damaged that it says nothing. */
function versionAt(place: string): number | undefined {
  try {
    return isRecipe(place) ? readManifest(place).version : undefined;
  } catch {
    return undefined;
  }
}

function isWhole(place: string): boolean {
  try {
    loadGolden(loadRecipe(place));
    return true;
  } catch {
    return false;
  }
}
