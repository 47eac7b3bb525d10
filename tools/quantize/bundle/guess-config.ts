import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { LinegateError, messageOf } from '../../../agent/core/errors.ts';
import type { Manifest } from '../../../agent/core/recipe.ts';
import { readModel } from '../onnx/codec.ts';
import { onnxGraph } from '../onnx/graph.ts';
import { checkedConfig, type RecipeConfig } from './config.ts';

/** Names that people give to folders of good parts. */
const OK_NAMES = ['good', 'intact', 'normal', 'ok', 'pass'];

/** Where there are no pictures to choose thresholds on: what is as likely bad as good does not pass. */
const REVIEW_FROM = 0.5;
const REJECT_FROM = 0.6;

/**
 * A recipe config from the model's input and the folders of `calibrate`: labels in the order of the folders' names, as
 * torchvision's ImageFolder and Keras number them, and the whole frame. Throws LinegateError 'bad-argument' or 'bad-model'
 * when that cannot be known.
 */
export async function guessRecipeConfig(given: {
  readonly model: string;
  readonly calibrate: string;
  readonly out: string;
}): Promise<RecipeConfig> {
  const labels = await labelsOf(given.calibrate);
  const defects = labels.filter(({ kind }) => kind === 'defect');
  const config = {
    name: path.basename(path.resolve(given.out)),
    version: 1,
    description: `Made from ${path.basename(given.model)} without a recipe config.`,
    labels,
    preprocess: await preprocessOf(given.model),
    decision: {
      minimumOk: REVIEW_FROM,
      thresholds: Object.fromEntries(defects.map(({ name }) => [name, { review: REVIEW_FROM, reject: REJECT_FROM }])),
    },
    data: { source: 'not stated', licence: 'not stated', split: 'not stated' },
  };
  return checkedConfig(config, 'Without --recipe-config');
}

async function labelsOf(folder: string): Promise<Manifest['labels']> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    const message = `${folder} is no folder with one folder a label (${messageOf(cause)}); give one, or a --recipe-config.`;
    throw new LinegateError('bad-argument', message, { cause });
  });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const labels = names.sort().map((name) => name.toLowerCase());
  if (labels.some((name) => OK_NAMES.includes(name))) {
    return labels.map((name) => ({ name, kind: OK_NAMES.includes(name) ? 'ok' : 'defect' }));
  }
  throw new LinegateError(
    'bad-argument',
    `None of the folders in ${folder} (${labels.join(', ') || 'there are none'}) is named ${OK_NAMES.join(', ')}; give a --recipe-config that says which labels are ok.`,
  );
}

async function preprocessOf(file: string): Promise<RecipeConfig['preprocess']> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new LinegateError('bad-argument', `${file} cannot be read (${messageOf(cause)}).`, { cause });
  });
  const { name, shape } = onnxGraph(readModel(bytes)).input;
  const [, second = 0, third = 0, fourth = 0] = shape;
  const [heightPx, widthPx, channels] = [1, 3].includes(second) ? [third, fourth, second] : [second, third, fourth];
  if (shape.length !== 4 || heightPx < 1 || widthPx < 1 || ![1, 3].includes(channels)) {
    const message = `Input "${name}" has the shape [${shape}], which does not say how large pictures are; give a --recipe-config.`;
    throw new LinegateError('bad-model', message);
  }
  const region = { x: 0, y: 0, width: 1, height: 1 };
  return { colour: channels === 3 ? 'rgb' : 'grey', widthPx, heightPx, region };
}
