import { modelCommand } from '../../adapters/classifier/commands.ts';
import { ProcessClassifier } from '../../adapters/classifier/process.ts';
import { SystemClock } from '../../adapters/clock/system.ts';
import { loadGolden, type Recipe } from '../../config/recipe.ts';
import type { StationConfig } from '../../config/station.ts';
import { messageOf } from '../../core/errors.ts';
import type { Classifier } from '../../ports/classifier.ts';
import type { ModelLook } from '../probes.ts';

const loadMs = 15_000;
const mostRuns = 200;
const mostMs = 2000;

/** Loads the model in a process of its own, checks it against its golden vectors and times it, pipe included. */
export async function measureModel(recipe: Recipe, engine: StationConfig['classifier']['engine']): Promise<ModelLook> {
  let name: string = engine;
  try {
    const golden = loadGolden(recipe);
    const classifier = new ProcessClassifier({
      command: modelCommand(engine, recipe.manifest, recipe.modelFile),
      manifest: recipe.manifest,
      golden,
      clock: new SystemClock(),
      loadMs,
      onState: (state) => {
        if (state.kind === 'up') name = state.engine;
      },
    });
    await classifier.start();
    try {
      const ms = await time(classifier, golden.vectors[0]?.tensor ?? new Uint8Array());
      return { kind: 'times', ms, engine: name };
    } finally {
      await classifier.stop();
    }
  } catch (error) {
    return { kind: 'failed', detail: messageOf(error) };
  }
}

async function time(classifier: Classifier, tensor: Uint8Array): Promise<number[]> {
  const ms: number[] = [];
  const never = new AbortController().signal;
  const startMs = performance.now();
  while (ms.length < mostRuns && performance.now() - startMs < mostMs) {
    const beganMs = performance.now();
    const answer = await classifier.classify(Uint8Array.from(tensor), never);
    if (answer.kind === 'failed') throw new Error(`The model stopped answering: ${answer.detail}`);
    ms.push(performance.now() - beganMs);
  }
  return ms;
}
