import { LinegateError } from '../../core/errors.ts';
import type { Manifest } from '../../core/recipe.ts';
import type { Classification } from '../../ports/classifier.ts';
import type { Hello } from './answers.ts';

/** Golden vectors with their tensors read. */
export interface GoldenVectors {
  readonly tolerance: number;
  readonly vectors: readonly {
    readonly label: string;
    readonly tensor: Uint8Array;
    readonly scores: readonly number[];
  }[];
}

/** Bytes of the recipe's tensor, uint8 NHWC. */
export function tensorBytes({ preprocess }: Manifest): number {
  return preprocess.heightPx * preprocess.widthPx * (preprocess.colour === 'rgb' ? 3 : 1);
}

/** Throws LinegateError 'bad-model' when what a process loaded is not the manifest's model. */
export function checkHello(manifest: Manifest, hello: Hello): void {
  const { heightPx, widthPx, colour } = manifest.preprocess;
  const checks: readonly (readonly [what: string, loaded: string | number, wanted: string | number])[] = [
    ['digest', hello.modelSha256, manifest.model.sha256],
    ['input height', hello.input.heightPx, heightPx],
    ['input width', hello.input.widthPx, widthPx],
    ['number of colours', hello.input.channels, colour === 'rgb' ? 3 : 1],
    ['number of labels', hello.labels, manifest.labels.length],
  ];
  for (const [what, loaded, wanted] of checks) {
    if (loaded === wanted) continue;
    throw new LinegateError(
      'bad-model',
      `The ${what} of the loaded model is ${loaded} and the manifest of ${manifest.name} says ${wanted}: restore the model or its manifest.`,
    );
  }
}

/** Runs the golden vectors. Rejects with LinegateError 'bad-model' at the first one that the model does not reproduce. */
export async function selfTest(
  manifest: Manifest,
  golden: GoldenVectors,
  classify: (tensor: Uint8Array) => Promise<Classification>,
): Promise<void> {
  for (const [index, { tensor, scores }] of golden.vectors.entries()) {
    const answer = await classify(tensor);
    const where = `golden vector ${index + 1} of ${manifest.name}`;
    if (answer.kind === 'failed')
      throw new LinegateError('bad-model', `The model did not answer ${where}: ${answer.detail}`);
    const off = Math.max(...scores.map((score, at) => Math.abs(score - (answer.scores[at] ?? Number.NaN))));
    if (off <= golden.tolerance && scores.length === answer.scores.length) continue;
    throw new LinegateError(
      'bad-model',
      `The model is off by ${off.toFixed(4)} at ${where}, where ${golden.tolerance} is allowed: this engine does not compute it as it was made, use another engine or model.`,
    );
  }
}
