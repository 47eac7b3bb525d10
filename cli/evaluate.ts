import { writeFileSync } from 'node:fs';
import { LinegateError, messageOf } from '../agent/core/errors.ts';
import { openRecipe, recipePlaces } from '../agent/recipes/find.ts';
import { evaluate } from '../tools/evaluate/evaluate.ts';
import type { Evaluation } from '../tools/evaluate/evaluation.ts';
import { reportPage } from '../tools/evaluate/report/page.ts';
import { evaluationText } from '../tools/evaluate/text.ts';

/** What `linegate evaluate` was asked for. */
export interface EvaluateRecipeOptions {
  readonly recipe: string;
  readonly images: string;
  readonly manifest: string | undefined;
  readonly maxFalseRejects: number;
  readonly maxEscapes: number;
  readonly report: string | undefined;
  readonly state: string;
  readonly json: boolean;
}

/** Measures a recipe on labelled pictures, prints what it found and writes the report. It never changes the recipe. */
export async function evaluateRecipe(options: EvaluateRecipeOptions): Promise<void> {
  const { manifest, modelFile } = openRecipe(options.recipe, recipePlaces(options.state, process.cwd()));
  const evaluation = await evaluate({
    manifest,
    modelFile,
    images: options.images,
    list: options.manifest,
    budgets: [
      { error: 'false-rejects', share: options.maxFalseRejects },
      { error: 'escapes', share: options.maxEscapes },
    ],
    now: new Date(),
    onProgress: showProgress,
  });
  if (options.report !== undefined) await writeReport(options.report, evaluation);
  process.stdout.write(options.json ? `${JSON.stringify(rounded(evaluation), null, 2)}\n` : evaluationText(evaluation));
}

async function writeReport(file: string, evaluation: Evaluation): Promise<void> {
  const page = await reportPage(evaluation);
  try {
    writeFileSync(file, page);
  } catch (cause) {
    throw new LinegateError('bad-argument', `The report ${file} cannot be written (${messageOf(cause)}).`, { cause });
  }
  process.stderr.write(`The report is in ${file}.\n`);
}

/** One line that counts up in a terminal; a line for every tenth when piped. */
function showProgress(done: number, total: number): void {
  const terminal = process.stderr.isTTY === true;
  if (terminal) process.stderr.write(done === total ? '\r\u001b[K' : `\r${done} of ${total} pictures`);
  else if (done === total || done % Math.ceil(total / 10) === 0) process.stderr.write(`${done} of ${total} pictures\n`);
}

/** Numbers with six places: more would only be noise. */
function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Math.round(value * 1e6) / 1e6;
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rounded(inner)]));
}
