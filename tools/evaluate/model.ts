import { readFile } from 'node:fs/promises';
import { LinegateError, messageOf } from '../../agent/core/errors.ts';
import type { Manifest } from '../../agent/core/recipe.ts';
import { openSession, pictureTensor, runSession } from '../quantize/calibrate/session.ts';

/** Gives the scores of a tensor, uint8 NHWC. Rejects with LinegateError 'bad-model'. */
export type Scorer = (tensor: Uint8Array) => Promise<readonly number[]>;

/** Opens a recipe's model on one thread of this computer's processor. Rejects with LinegateError 'bad-model'. */
export async function openModel(manifest: Manifest, modelFile: string): Promise<Scorer> {
  const session = await openSession(await readFile(modelFile));
  const { heightPx, widthPx, colour } = manifest.preprocess;
  const shape = [1, heightPx, widthPx, colour === 'rgb' ? 3 : 1];
  return async (tensor) => {
    try {
      const outputs = await runSession(session, pictureTensor(tensor, shape));
      return [...(outputs.get(manifest.model.output.name) ?? [])];
    } catch (cause) {
      const why = messageOf(cause);
      throw new LinegateError('bad-model', `The model of ${manifest.name} does not take its own input (${why}).`, {
        cause,
      });
    }
  };
}
