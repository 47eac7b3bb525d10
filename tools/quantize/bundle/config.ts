import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { LinegateError, messageOf } from '../../../agent/core/errors.ts';
import { type Manifest, manifestSchema } from '../../../agent/core/recipe.ts';

const { name, version, description, labels, preprocess, decision, data, figures } = manifestSchema.shape;

const recipeConfigSchema = z.strictObject({
  name,
  version,
  description,
  labels,
  preprocess,
  /** Left out where `--thresholds` chooses it. */
  decision: decision.optional(),
  data,
  /** Figures that are known from elsewhere; the measured ones are added. */
  figures: figures.optional(),
});

/** What a person says of a recipe; the quantiser adds model, golden vectors and measured figures. */
export type RecipeConfig = z.infer<typeof recipeConfigSchema>;

/** Reads a recipe config. Throws LinegateError 'bad-recipe' with every fault in one sentence. */
export async function readRecipeConfig(file: string): Promise<RecipeConfig> {
  return checkedConfig(await readJson(file), file);
}

/** A recipe config from `origin`, which an error names. Throws LinegateError 'bad-recipe' with every fault in one sentence. */
export function checkedConfig(config: unknown, origin: string): RecipeConfig {
  const parsed = recipeConfigSchema.safeParse(config);
  if (parsed.success) return parsed.data;
  throw new LinegateError('bad-recipe', `${origin}: ${faults(parsed.error)}.`);
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new LinegateError('bad-recipe', `${file} cannot be read as JSON (${messageOf(error)}).`, { cause: error });
  }
}

/** A manifest as it will be read by a station. Throws LinegateError 'bad-recipe' when it would not be. */
export function checkedManifest(manifest: Manifest): Manifest {
  const parsed = manifestSchema.safeParse(manifest);
  if (parsed.success) return parsed.data;
  throw new LinegateError('bad-recipe', `The recipe is not complete: ${faults(parsed.error)}.`);
}

function faults(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join('.') || 'the file'} ${message}`).join('; ');
}
