import { createHash } from 'node:crypto';
import path from 'node:path';
import { modelCommand } from '../adapters/classifier/commands.ts';
import { ProcessClassifier } from '../adapters/classifier/process.ts';
import { SystemClock } from '../adapters/clock/system.ts';
import { readSmallFile } from '../config/read.ts';
import { loadGolden, type Recipe } from '../config/recipe.ts';

/** What a check of a recipe found in order. */
export interface RecipeCheck {
  /** What ran the model, with its version. */
  readonly engine: string;
  readonly goldenVectors: number;
  readonly tolerance: number;
}

/**
 * Runs a recipe's golden vectors on this device through the model process that a station uses. Rejects with LinegateError
 * 'bad-recipe' or 'bad-model' when it does not give the scores that it was made with.
 */
export async function checkRecipe(recipe: Recipe): Promise<RecipeCheck> {
  const { manifest, modelFile } = recipe;
  const golden = loadGolden(recipe);
  let engine = '';
  const classifier = new ProcessClassifier({
    command: modelCommand('onnx', manifest, modelFile),
    manifest,
    golden,
    clock: new SystemClock(),
    onState: (state) => {
      if (state.kind === 'up') engine = state.engine;
    },
  });
  try {
    await classifier.start();
  } finally {
    await classifier.stop();
  }
  return { engine, goldenVectors: golden.vectors.length, tolerance: golden.tolerance };
}

/** SHA-256 of a recipe's manifest, which names the digests of the rest: two bundles with the same one are the same. */
export function recipeDigest(folder: string): string {
  const text = readSmallFile(path.join(folder, 'manifest.json'), 'recipe', 'bad-recipe');
  return createHash('sha256').update(text).digest('hex');
}
