import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { LinegateError, messageOf } from '../../../agent/core/errors.ts';
import { type Manifest, manifestSchema } from '../../../agent/core/recipe.ts';
import { openSession, pictureTensor } from '../calibrate/session.ts';
import { interleavedLatency, type Latency } from '../report/latency.ts';
import { floatTwin } from './float-twin.ts';

const EFFORT = { runs: 500, ms: 5000 };

/** What a bundle's model costs on this machine. */
export interface BundleTimes {
  readonly recipe: string;
  /** Milliseconds for one picture on one thread; both models ran in turns. */
  readonly latencyMs: { readonly float: Latency; readonly int8: Latency };
  /** The one with the smaller median. */
  readonly faster: 'int8' | 'float';
  readonly warnings: readonly string[];
}

/**
 * Times a bundle's INT8 model beside its layers in float, on the machine where this runs.
 * Throws LinegateError 'bad-recipe' or 'bad-model' for a folder that is no bundle.
 */
export async function measureBundle(folder: string): Promise<BundleTimes> {
  const manifest = await manifestIn(folder);
  const file = await read(path.join(folder, manifest.model.file));
  const { heightPx, widthPx, colour } = manifest.preprocess;
  const shape = [1, heightPx, widthPx, colour === 'rgb' ? 3 : 1];
  const picture = pictureTensor(new Uint8Array(shape.reduce((all, side) => all * side, 1)).fill(128), shape);
  const [float, int8] = [await openSession(floatTwin(file)), await openSession(file)];
  const latencyMs = await interleavedLatency([float, picture], [int8, picture], EFFORT);
  return { recipe: `${manifest.name}@${manifest.version}`, latencyMs, ...verdictOn(latencyMs) };
}

/** Which of both is faster, and a warning where it is float. */
export function verdictOn({ float, int8 }: BundleTimes['latencyMs']): Pick<BundleTimes, 'faster' | 'warnings'> {
  if (int8.median <= float.median) return { faster: 'int8', warnings: [] };
  const figures = `${int8.median} ms against ${float.median} ms`;
  return {
    faster: 'float',
    warnings: [`INT8 is slower than float on this machine: ${figures}; run the float model here.`],
  };
}

async function manifestIn(folder: string): Promise<Manifest> {
  const file = path.join(folder, 'manifest.json');
  try {
    return manifestSchema.parse(JSON.parse((await read(file)).toString()));
  } catch (error) {
    if (error instanceof LinegateError) throw error;
    throw new LinegateError('bad-recipe', `${file} is not the manifest of a bundle; make the bundle again.`, {
      cause: error,
    });
  }
}

async function read(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new LinegateError('bad-argument', `${file} cannot be read (${messageOf(error)}).`, { cause: error });
  }
}
