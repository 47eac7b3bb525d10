import { createHash } from 'node:crypto';
import path from 'node:path';
import { LinegateError, messageOf } from '../../agent/core/errors.ts';
import { Preprocessor } from '../../agent/core/preprocess/preprocess.ts';
import type { Manifest } from '../../agent/core/recipe.ts';
import { openModel, type Scorer } from './model.ts';
import { decodePicture, loadSharp } from './pictures/decode.ts';
import type { ListedPicture } from './pictures/list.ts';
import type { Scored } from './stats/sample.ts';

/** Runs before the first that is timed: engines optimise while they warm up. */
const WARM_UP_RUNS = 10;

/** What a recipe said to pictures, and how long it took. */
export interface Run {
  readonly scored: readonly Scored[];
  /** Pictures that could not be read. */
  readonly broken: readonly { readonly file: string; readonly reason: string }[];
  /** Milliseconds, an entry a picture. */
  readonly preprocessMs: readonly number[];
  readonly inferenceMs: readonly number[];
  /** SHA-256 over labels, groups, names and contents of the pictures that were read. */
  readonly picturesSha256: string;
}

interface Recipe {
  readonly manifest: Manifest;
  readonly modelFile: string;
}

/**
 * Runs the recipe's model on each picture as a station does. A picture that cannot be read is named and passed over.
 * Rejects with LinegateError 'bad-model', and 'bad-image' when none can be read.
 */
export async function runRecipe(
  { manifest, modelFile }: Recipe,
  folder: string,
  pictures: readonly ListedPicture[],
  onDone: (done: number) => void,
): Promise<Run> {
  const [sharp, score] = [await loadSharp(), await openModel(manifest, modelFile)];
  const preprocessor = Preprocessor.create(manifest.preprocess);
  await warmUp(preprocessor, score);
  const run = {
    scored: [] as Scored[],
    broken: [] as Run['broken'][number][],
    preprocessMs: [] as number[],
    inferenceMs: [] as number[],
  };
  const digest = createHash('sha256');
  for (const [at, picture] of pictures.entries()) {
    try {
      const { frame, sha256 } = await decodePicture(sharp, path.resolve(folder, picture.file));
      const start = performance.now();
      const tensor = preprocessor.run(frame);
      const between = performance.now();
      const scores = await score(tensor);
      run.inferenceMs.push(performance.now() - between);
      run.preprocessMs.push(between - start);
      run.scored.push({ ...picture, scores });
      digest.update(`${sha256}\t${picture.label}\t${picture.group}\t${picture.file}\n`);
    } catch (error) {
      if (!(error instanceof LinegateError) || error.code !== 'bad-image') throw error;
      run.broken.push({ file: picture.file, reason: messageOf(error) });
    }
    onDone(at + 1);
  }
  refuseNone(run.scored, run.broken);
  return { ...run, picturesSha256: digest.digest('hex') };
}

async function warmUp(preprocessor: Preprocessor, score: Scorer): Promise<void> {
  const grey = {
    data: new Uint8Array(64 * 64).fill(128),
    format: 'grey',
    widthPx: 64,
    heightPx: 64,
    strideBytes: 64,
  } as const;
  for (let run = 0; run < WARM_UP_RUNS; run += 1) {
    await score(preprocessor.run({ ...grey, sensorNs: 0, clock: 'monotonic', sequence: run }));
  }
}

function refuseNone(scored: readonly Scored[], [first]: Run['broken']): void {
  if (scored.length > 0 || first === undefined) return;
  throw new LinegateError(
    'bad-image',
    `None of the pictures can be read; the first is ${first.file} (${first.reason}).`,
  );
}
