import { loadRecipe, type Recipe } from '../config/recipe.ts';
import { LinegateError } from '../core/errors.ts';
import { checkRecipe, type RecipeCheck } from './check.ts';
import { folderOf, homeOf, isName, pointerOf, type RecipePlaces } from './find.ts';
import { type Pointer, type Reference, writePointer } from './pointer.ts';

/** A recipe that became the current one again, and what was it until then. */
export interface RolledBack extends RecipeCheck {
  readonly recipe: Recipe;
  readonly current: Reference;
  readonly previous: Reference;
}

/** Makes a version the current one and gives the one that it replaces, the one before when it already was. */
export function makeCurrent(name: string, version: Reference, places: RecipePlaces): Reference | null {
  const before = usablePointer(name, places) ?? { current: version, previous: null };
  const previous = before.current === version ? before.previous : before.current;
  writePointer(homeOf(name, places), { current: version, previous });
  return previous;
}

/** Undefined also when it is damaged: installing mends it. */
function usablePointer(name: string, places: RecipePlaces): Pointer | undefined {
  try {
    return pointerOf(name, places);
  } catch {
    return undefined;
  }
}

/**
 * Makes the version before the current one again, once its golden vectors reproduce; the other stays for a rollback of the
 * rollback. Rejects with LinegateError 'bad-argument' when there is none, 'bad-recipe' or 'bad-model' when it is damaged.
 */
export async function rollbackRecipe(name: string, places: RecipePlaces): Promise<RolledBack> {
  const pointer = isName(name) ? pointerOf(name, places) : undefined;
  if (pointer === undefined) {
    throw new LinegateError(
      'bad-argument',
      `There is no recipe "${name}"; "linegate recipe list" shows those there are.`,
    );
  }
  const { current: previous, previous: current } = pointer;
  if (current === null) {
    throw new LinegateError('bad-argument', `The recipe ${name} has no version before the current one to return to.`);
  }
  const recipe = loadRecipe(folderOf(name, current, places));
  const check = await checkRecipe(recipe);
  writePointer(homeOf(name, places), { current, previous });
  return { ...check, recipe, current, previous };
}
