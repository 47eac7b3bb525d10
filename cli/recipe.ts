import path from 'node:path';
import { loadRecipe } from '../agent/config/recipe.ts';
import { checkRecipe, type RecipeCheck, recipeDigest } from '../agent/recipes/check.ts';
import { findRecipe, type RecipePlaces, recipePlaces } from '../agent/recipes/find.ts';
import { type InstallStep, installRecipe } from '../agent/recipes/install.ts';
import { type ListedRecipe, listRecipes } from '../agent/recipes/list.ts';
import type { Reference } from '../agent/recipes/pointer.ts';
import { rollbackRecipe } from '../agent/recipes/switch.ts';
import { manifestText, table } from './recipe-text.ts';

interface Options {
  readonly state: string;
  readonly json: boolean;
}

/** Prints all recipes, a line a version. */
export function list(options: Options): void {
  const recipes = listRecipes(placesOf(options));
  const documents = recipes.map(({ manifest, ...rest }) => ({
    version: manifest?.version ?? null,
    ...rest,
    modelBytes: manifest?.model.sizeBytes ?? null,
    description: manifest?.description ?? null,
  }));
  const rows = recipes.map(rowOf);
  print(options, { schemaVersion: 1, recipes: documents }, () =>
    recipes.length === 0
      ? 'There are no recipes.\n'
      : table([['RECIPE', 'VERSION', 'FROM', 'ROLE', 'MODEL', ''], ...rows]),
  );
}

function rowOf({ name, from, role, manifest, fault }: ListedRecipe): string[] {
  const size = manifest === undefined ? '' : `${Math.round(manifest.model.sizeBytes / 1000)} kB`;
  const what = fault === undefined ? (manifest?.description ?? '') : `cannot be used: ${fault}`;
  return [name, String(manifest?.version ?? '?'), from, role === 'other' ? '' : role, size, what];
}

/** Prints what is in a recipe. */
export function show(options: Options & { name: string }): void {
  const { folder, from } = findRecipe(options.name, placesOf(options));
  const { manifest } = loadRecipe(folder);
  const digest = recipeDigest(folder);
  const { schemaVersion: _, ...content } = manifest;
  print(options, { schemaVersion: 1, from, folder, digest, ...content }, () => manifestText(manifest, digest, folder));
}

/** Installs a bundle and says what it replaces. */
export async function install(options: Options & { folder: string }): Promise<void> {
  const installed = await installRecipe(path.resolve(options.folder), placesOf(options), tellStep);
  const { recipe, digest, previous, ...check } = installed;
  print(options, { schemaVersion: 1, recipe: recipe.id, digest, folder: recipe.folder, previous, ...check }, () => {
    const before =
      previous === null ? '' : `; "linegate recipe rollback ${recipe.manifest.name}" returns to ${named(previous)}`;
    return `${recipe.id} is installed and used from the next start${before}.\n${checkText(check)}`;
  });
}

/** Checks a recipe on this device. */
export async function verify(options: Options & { name: string }): Promise<void> {
  const { folder, from } = findRecipe(options.name, placesOf(options));
  const recipe = loadRecipe(folder);
  const check = await checkRecipe(recipe);
  const digest = recipeDigest(folder);
  print(options, { schemaVersion: 1, ok: true, recipe: recipe.id, digest, from, folder, ...check }, () => {
    return `${recipe.id} is whole: its files have the digests that its manifest names.\n${checkText(check)}`;
  });
}

/** Makes the version before the current one current again. */
export async function rollback(options: Options & { name: string }): Promise<void> {
  const { recipe, current, previous, ...check } = await rollbackRecipe(options.name, placesOf(options));
  print(options, { schemaVersion: 1, recipe: recipe.id, folder: recipe.folder, current, previous, ...check }, () => {
    return `${recipe.id} is used from the next start; rolling back again returns to ${named(previous)}.\n${checkText(check)}`;
  });
}

function placesOf({ state }: Options): RecipePlaces {
  return recipePlaces(state, process.cwd());
}

function print({ json }: Options, document: object, text: () => string): void {
  process.stdout.write(json ? `${JSON.stringify(document, null, 2)}\n` : text());
}

const stepNames: Readonly<Record<InstallStep, string>> = {
  copying: 'copying the bundle',
  checking: 'running its golden vectors on this device',
  switching: 'making it current',
};

function tellStep(step: InstallStep): void {
  process.stderr.write(`${stepNames[step]}\n`);
}

function named(version: Reference): string {
  return version === 'bundled' ? 'the one that came with linegate' : `version ${version}`;
}

function checkText({ engine, goldenVectors, tolerance }: RecipeCheck): string {
  return `${goldenVectors} golden vectors reproduce on this device within ${tolerance} (${engine}).\n`;
}
