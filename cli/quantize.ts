import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { type RecipeConfig, readRecipeConfig } from '../tools/quantize/bundle/config.ts';
import { guessRecipeConfig } from '../tools/quantize/bundle/guess-config.ts';
import type { ImageSource } from '../tools/quantize/images/list.ts';
import { type ObserverChoice, type Progress, quantize } from '../tools/quantize/quantize-model.ts';
import { explanation } from '../tools/quantize/report/explain.ts';
import { type Report, reportText } from '../tools/quantize/report/report.ts';
import { tuningText } from '../tools/quantize/report/tuning.ts';

/** What `linegate quantize` was asked for. */
export interface QuantizeModelOptions {
  readonly model: string;
  readonly calibrate: string;
  readonly out: string;
  readonly recipeConfig?: string | undefined;
  readonly evaluate: string | undefined;
  readonly thresholds: string | undefined;
  readonly golden: string | undefined;
  /** The folder that CSVs name files in. */
  readonly images: string | undefined;
  readonly observer: ObserverChoice;
  readonly rounding: 'nearest' | 'adaptive' | 'auto';
  readonly act: 'u8' | 's8';
  /** Names of layers, with commas between. */
  readonly keepFloat: string | undefined;
  readonly maxDrop: number;
  readonly esp: boolean;
  readonly explain: boolean;
  readonly json: boolean;
}

/** Makes the bundle and prints what it cost; progress goes to standard error. */
export async function quantizeModel(options: QuantizeModelOptions): Promise<void> {
  const { model, calibrate, out, recipeConfig, observer } = options;
  // A station's heap grows in small steps because it runs for months; this is over in seconds.
  setFlagsFromString('--heap-growing-percent=60');
  const source = (location: string): ImageSource => ({ path: location, root: options.images });
  const optional = (location: string | undefined) => (location === undefined ? undefined : source(location));
  const recipe =
    recipeConfig === undefined ? await guessed({ model, calibrate, out }) : await readRecipeConfig(recipeConfig);
  const made = quantize(
    {
      model,
      recipe,
      calibrate: source(calibrate),
      evaluate: optional(options.evaluate),
      thresholds: optional(options.thresholds),
      golden: optional(options.golden),
      out,
      observer,
      rounding: options.rounding,
      act: options.act,
      keepFloat: options.keepFloat?.split(',').map((name) => name.trim()),
      maxDropPoints: options.maxDrop,
      esp: options.esp,
    },
    showProgress,
  );
  const { report } = await made.finally(clearProgress);
  if (report.evaluation === undefined) {
    process.stderr.write(
      'No pictures were given with --evaluate, so accuracy was not measured and --max-drop not checked.\n',
    );
  }
  process.stderr.write(`The bundle is in ${out}; ${path.join(out, 'report.html')} says what it cost.\n`);
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : textOf(report, options.explain));
}

/** Says what was taken for granted: labels in another order than the scores turn verdicts round. */
async function guessed(given: Parameters<typeof guessRecipeConfig>[0]): Promise<RecipeConfig> {
  const recipe = await guessRecipeConfig(given);
  const labels = recipe.labels.map(({ name, kind }) => `${name} (${kind})`).join(', ');
  const { widthPx, heightPx, colour } = recipe.preprocess;
  process.stderr.write(
    `No --recipe-config: scores stand for ${labels}, as the folders are named; the whole frame as ${widthPx} x ${heightPx} px ${colour}.\n`,
  );
  return recipe;
}

function textOf(report: Report, explain: boolean): string {
  return `${reportText(report)}\n${explain ? `${explanation(report.passes)}\n${tuningText(report)}\n` : ''}`;
}

/** One line that counts up in a terminal; a line for every step when piped. */
function showProgress({ step, done, total }: Progress): void {
  const count = done === undefined ? '' : ` ${done}/${total}`;
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${step}${count}`);
  else if (done === undefined || done === total) process.stderr.write(`${step}${count}\n`);
}

function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
}
