import path from 'node:path';
import type { Recipe } from '../agent/config/recipe.ts';
import { ledgerFile } from '../agent/main.ts';
import { openRecipe, recipePlaces } from '../agent/recipes/find.ts';
import { openRecipeVersion } from '../agent/recorder/recipe-version.ts';
import { storedParts } from '../agent/recorder/stored-parts.ts';
import { loadSharp, type Sharp } from '../tools/evaluate/pictures/decode.ts';
import type { ReplayReport } from './replay/report.ts';
import { writeSheet } from './replay/sheet.ts';
import { sinceMs } from './replay/since.ts';
import { type Found, Tally } from './replay/tally.ts';
import { replayText } from './replay/text.ts';
import { withThresholds } from './replay/thresholds.ts';
import { Replayer } from './replay/verdicts.ts';
import { warningsOn } from './replay/warnings.ts';

/** What `linegate replay` was asked for. */
export interface ReplayOptions {
  readonly recipe: string;
  readonly since: string | undefined;
  readonly state: string;
  readonly thresholds: readonly string[] | undefined;
  readonly parts: number | undefined;
  readonly json: boolean;
  readonly sheet: string | undefined;
}

/** Runs stored pictures through a recipe and prints which verdicts change. It changes neither ledger nor recipe. */
export async function replay(options: ReplayOptions): Promise<void> {
  const from = options.since === undefined ? null : sinceMs(options.since, Date.now());
  const recipe = recipeOf(options);
  const sharp = await loadSharp();
  const found = await replayParts(options, recipe, from, sharp);
  const report: ReplayReport = {
    schemaVersion: 1,
    recipe: recipe.id,
    changedThresholds: options.thresholds !== undefined,
    decision: recipe.manifest.decision,
    since: from === null ? null : new Date(from).toISOString(),
    ...found,
    warnings: warningsOn(found),
    sheet: await sheetOf(options, recipe, found, sharp),
  };
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : replayText(report));
}

function recipeOf({ recipe: name, state, thresholds }: ReplayOptions): Recipe {
  const places = recipePlaces(state, process.cwd());
  const recipe = /^[a-z0-9-]+@\d+$/.test(name) ? openRecipeVersion(name, places) : openRecipe(name, places);
  return thresholds === undefined ? recipe : { ...recipe, manifest: withThresholds(recipe.manifest, thresholds) };
}

async function replayParts(options: ReplayOptions, recipe: Recipe, from: number | null, sharp: Sharp): Promise<Found> {
  const selection = { sinceMs: from ?? Number.MIN_SAFE_INTEGER, newest: options.parts ?? Number.MAX_SAFE_INTEGER };
  const replayer = new Replayer(recipe, picturesIn(options.state), sharp);
  const tally = new Tally();
  const progress = { done: 0, of: 0 };
  const stored = storedParts(path.join(options.state, ledgerFile), selection, (parts) => {
    progress.of = parts;
  });
  try {
    await replayer.start();
    for await (const part of stored) {
      if (part.picture === null) tally.noPicture(part);
      else tally.picture(part, part.picture, await replayer.judge(part.picture));
      progress.done += 1;
      showProgress(progress.done, progress.of);
    }
  } finally {
    await replayer.stop();
  }
  return tally.found();
}

async function sheetOf(options: ReplayOptions, recipe: Recipe, found: Found, sharp: Sharp) {
  const { sheet: file, state, thresholds } = options;
  if (file === undefined) return null;
  if (found.changed === 0) {
    process.stderr.write('No verdict changes: there is no contact sheet.\n');
    return null;
  }
  const { changes, changed, compared } = found;
  const which = `${recipe.id}${thresholds === undefined ? '' : ' with other thresholds'}`;
  const title = `${which}: ${changed} of ${compared} verdicts change`;
  return { file, ...(await writeSheet(sharp, { file, title, pictures: picturesIn(state), changes, changed })) };
}

function picturesIn(state: string): string {
  return path.resolve(state, 'pictures');
}

/** One line that counts up in a terminal; a line for every tenth when piped. */
function showProgress(done: number, total: number): void {
  const terminal = process.stderr.isTTY === true;
  if (terminal) process.stderr.write(done === total ? '\r\u001b[K' : `\r${done} of ${total} parts`);
  else if (done === total || done % Math.ceil(total / 10) === 0) process.stderr.write(`${done} of ${total} parts\n`);
}
