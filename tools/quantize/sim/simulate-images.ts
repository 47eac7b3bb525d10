import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Decision, decide } from '../../../agent/core/decide.ts';
import { LinegateError, messageOf } from '../../../agent/core/errors.ts';
import { type Manifest, manifestSchema } from '../../../agent/core/recipe.ts';
import { type ImageSource, type LabelledImage, listImages } from '../images/list.ts';
import { loadPictures } from '../images/pictures.ts';
import { type TfliteModel, tensorAt } from '../tflite/model.ts';
import { readTflite } from '../tflite/read.ts';
import { Simulator } from './simulator.ts';

/** The TFLite model of a bundle. */
const TFLITE_FILE = 'model.tflite';

/** What the ESP32 makes of one picture: scores to the last bit, and the verdict of the recipe's thresholds. */
export interface SimulatedPart extends LabelledImage {
  readonly scores: readonly number[];
  readonly decision: Decision;
}

/** A bundle's recipe with its TFLite model. */
export interface SimulatedBundle {
  readonly manifest: Manifest;
  readonly model: TfliteModel;
}

/**
 * Reads manifest.json and the TFLite model of the bundle in `folder`; `file` is another TFLite model for the same recipe.
 * Throws LinegateError 'bad-recipe' or 'bad-model', also where picture or labels do not fit the recipe.
 */
export async function readBundle(folder: string, file = path.join(folder, TFLITE_FILE)): Promise<SimulatedBundle> {
  const manifest = await readManifest(path.join(folder, 'manifest.json'));
  const model = readTflite(await readFile(file).catch((error: unknown) => unreadable(file, error)));
  const { heightPx, widthPx, colour } = manifest.preprocess;
  const wanted = [1, heightPx, widthPx, colour === 'rgb' ? 3 : 1].join();
  const [given, scores] = [tensorAt(model, model.inputs[0]).shape, tensorAt(model, model.outputs[0]).shape.at(-1)];
  if (given.join() === wanted && scores === manifest.labels.length) return { manifest, model };
  throw new LinegateError(
    'bad-model',
    `${file} takes [${given}] and gives ${scores} scores; the recipe has [${wanted}] and ${manifest.labels.length} labels.`,
  );
}

/** Simulates the ESP32 on the pictures of `source`, one after the other. */
export async function* simulateImages(
  { manifest, model }: SimulatedBundle,
  source: ImageSource,
): AsyncGenerator<SimulatedPart> {
  const simulator = new Simulator(model);
  for (const image of await listImages(source)) {
    for (const { pixels } of await loadPictures([image], manifest.preprocess)) {
      const scores = simulator.scores(pixels);
      const decision = decide(manifest, scores);
      if (decision === undefined) throw new LinegateError('bad-model', `The model gives no scores: [${scores}].`);
      yield { ...image, scores, decision };
    }
  }
}

async function readManifest(file: string): Promise<Manifest> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => unreadable(file, error));
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new LinegateError('bad-recipe', `${file} is no recipe (${messageOf(error)}).`, { cause: error });
  }
}

function unreadable(file: string, error: unknown): never {
  throw new LinegateError('bad-argument', `${file} cannot be read (${messageOf(error)}).`, { cause: error });
}
