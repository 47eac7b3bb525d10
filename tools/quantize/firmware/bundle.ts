import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { predictArena } from '../arena/predict.ts';
import { Simulator } from '../sim/simulator.ts';
import type { TfliteModel } from '../tflite/model.ts';
import { writeTflite } from '../tflite/write.ts';
import { goldenSource, modelSource } from './data-source.ts';
import type { FirmwareModel, FirmwareRecipe } from './model.ts';
import { modelHeader } from './model-header.ts';
import { resolverHeader } from './resolver-header.ts';

/** Structures of other versions of the library may be a little larger; a boot that fails is dearer than some bytes. */
const ARENA_MARGIN = 1.05;

/**
 * The firmware's model component: `model.h`, `model.cc`, `golden.cc` and `resolver.h` by name. `pictures` are tensors, uint8
 * [height, width, channels], for the self-test at boot; a few are enough, as each takes its size in flash.
 */
export function firmwareFiles(
  recipe: FirmwareRecipe,
  model: TfliteModel,
  pictures: readonly Uint8Array[],
): ReadonlyMap<string, string> {
  const bytes = writeTflite(model);
  const simulator = new Simulator(model);
  const room = (kernels: 'reference' | 'esp-nn-s3') =>
    Math.ceil((predictArena(model, { pointerBytes: 4, kernels }).totalBytes * ARENA_MARGIN) / 16) * 16;
  const made: FirmwareModel = {
    recipe,
    model,
    bytes,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    arenaBytes: { reference: room('reference'), espNnS3: room('esp-nn-s3') },
    golden: pictures.map((pixels) => ({ pixels, scores: simulator.storedScores(pixels) })),
  };
  return new Map([
    ['model.h', modelHeader(made)],
    ['model.cc', modelSource(made)],
    ['golden.cc', goldenSource(made)],
    ['resolver.h', resolverHeader(made)],
  ]);
}

/** Writes the component's files into `folder`, which is made where it is missing. */
export async function writeFirmware(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of files) await writeFile(path.join(folder, name), text);
}
