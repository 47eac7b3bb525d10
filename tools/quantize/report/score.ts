import { openSession, pictureTensor, runSession } from '../calibrate/session.ts';
import { OUTPUT_NAME } from '../emit/onnx-file.ts';
import type { Shape } from '../ir/graph.ts';

/** Gives the scores of a picture, uint8 [1, height, width, channels]. */
export type Scorer = (pixels: Uint8Array) => Promise<number[]>;

/** Scores of a model that one of the emitters wrote, float or quantised. */
export async function scorerOf(model: Uint8Array, shape: Shape): Promise<Scorer> {
  const session = await openSession(model);
  return async (pixels) => {
    const outputs = await runSession(session, pictureTensor(pixels, shape));
    return [...(outputs.get(OUTPUT_NAME) ?? [])];
  };
}
