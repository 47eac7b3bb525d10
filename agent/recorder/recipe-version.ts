import { loadRecipe, type Recipe } from '../config/recipe.ts';
import { LinegateError, messageOf } from '../core/errors.ts';
import { folderOf, isRecipe, type RecipePlaces } from '../recipes/find.ts';

/**
 * The recipe that records cite as `name@version`: the installed version, else the one that came with linegate when it is
 * that version. Throws LinegateError 'bad-recipe' when neither is there, 'bad-recipe' or 'bad-model' for a damaged one.
 */
export function openRecipeVersion(id: string, places: RecipePlaces): Recipe {
  const { name = '', version = '' } = /^(?<name>[a-z0-9][a-z0-9-]*)@(?<version>\d{1,7})$/.exec(id)?.groups ?? {};
  if (name === '') throw new LinegateError('bad-recipe', `"${id}" is not a recipe's name and version, such as ring@2.`);
  const faults: string[] = [];
  for (const reference of [Number(version), 'bundled'] as const) {
    const folder = folderOf(name, reference, places);
    if (!isRecipe(folder)) continue;
    try {
      const recipe = loadRecipe(folder);
      if (recipe.id === id) return recipe;
    } catch (error) {
      faults.push(messageOf(error));
    }
  }
  const why = faults[0] ?? 'it is neither installed nor the version that came with linegate';
  throw new LinegateError('bad-recipe', `The recipe ${id} cannot be opened: ${why.replace(/\.$/, '')}.`);
}
