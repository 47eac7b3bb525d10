import path from 'node:path';
import { modelCommand } from '../../agent/adapters/classifier/commands.ts';
import { ProcessClassifier } from '../../agent/adapters/classifier/process.ts';
import { SystemClock } from '../../agent/adapters/clock/system.ts';
import { loadGolden, type Recipe } from '../../agent/config/recipe.ts';
import { type Decision, decide } from '../../agent/core/decide.ts';
import { LinegateError, messageOf } from '../../agent/core/errors.ts';
import { Preprocessor } from '../../agent/core/preprocess/preprocess.ts';
import { decodePicture, type Sharp } from '../../tools/evaluate/pictures/decode.ts';

/** What a recipe says of a stored picture. */
export type Answer =
  | ({ readonly kind: 'verdict' } & Decision)
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly reason: string };

const hangMs = 20_000;

/** Judges stored pictures as a station would: the same preprocess, the same model process, the same decision. */
export class Replayer {
  readonly #recipe: Recipe;
  readonly #folder: string;
  readonly #sharp: Sharp;
  readonly #preprocessor: Preprocessor;
  readonly #classifier: ProcessClassifier;

  constructor(recipe: Recipe, folder: string, sharp: Sharp) {
    const { manifest, modelFile } = recipe;
    this.#recipe = recipe;
    this.#folder = folder;
    this.#sharp = sharp;
    this.#preprocessor = Preprocessor.create(manifest.preprocess);
    this.#classifier = new ProcessClassifier({
      command: modelCommand('onnx', manifest, modelFile),
      manifest,
      golden: loadGolden(recipe),
      clock: new SystemClock(),
      hangMs,
    });
  }

  /** Rejects with LinegateError 'bad-model' when the model does not give its golden scores. */
  start(): Promise<void> {
    return this.#classifier.start();
  }

  /** Rejects with LinegateError 'device' when the model process fails, 'bad-model' when its scores are not usable. */
  async judge(picture: string): Promise<Answer> {
    let tensor: Uint8Array;
    try {
      const { frame } = await decodePicture(this.#sharp, path.join(this.#folder, picture));
      tensor = this.#preprocessor.run(frame);
    } catch (error) {
      return unreadable(error);
    }
    const answer = await this.#classifier.classify(tensor, new AbortController().signal);
    if (answer.kind === 'failed') {
      const message = `The model of ${this.#recipe.id} gave no answer to ${picture} (${answer.detail.replace(/\.$/, '')}).`;
      throw new LinegateError('device', message);
    }
    const decision = decide(this.#recipe.manifest, answer.scores);
    if (decision !== undefined) return { kind: 'verdict', ...decision };
    throw new LinegateError('bad-model', `The model of ${this.#recipe.id} gave unusable scores to ${picture}.`);
  }

  stop(): Promise<void> {
    return this.#classifier.stop();
  }
}

function unreadable(error: unknown): Answer {
  if (!(error instanceof LinegateError) || error.code !== 'bad-image') throw error;
  const { cause } = error;
  if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return { kind: 'missing' };
  return { kind: 'unreadable', reason: messageOf(error) };
}
