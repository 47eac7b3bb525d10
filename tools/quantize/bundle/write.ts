import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { goldenSchema, type Manifest } from '../../../agent/core/recipe.ts';
import { INPUT_NAME, OUTPUT_NAME } from '../emit/onnx-file.ts';
import { writeFirmware } from '../firmware/bundle.ts';
import { checkedManifest, type RecipeConfig } from './config.ts';
import { GOLDEN_TOLERANCE, type GoldenCandidate } from './golden.ts';

const MODEL_FILE = 'model.onnx';
const TFLITE_FILE = 'model.tflite';
const ESP_FOLDER = 'esp';
const GOLDEN_FILE = 'golden/golden.json';

/** All that goes into a bundle. */
export interface Bundle {
  readonly config: RecipeConfig;
  readonly decision: Manifest['decision'];
  readonly figures: Manifest['figures'];
  readonly model: Uint8Array;
  /** The .tflite file; none where TFLite cannot hold the network. */
  readonly tflite?: Uint8Array | undefined;
  /** The firmware's files by name, where they were asked for. */
  readonly esp?: ReadonlyMap<string, string> | undefined;
  readonly golden: readonly GoldenCandidate[];
}

/**
 * Writes model.onnx, model.tflite, golden/, esp/ and manifest.json into `folder`, replacing what was there; gives the manifest.
 * Throws LinegateError 'bad-recipe' when a station would refuse the manifest.
 */
export async function writeBundle(folder: string, bundle: Bundle): Promise<Manifest> {
  const golden = goldenJson(bundle.golden);
  const manifest = checkedManifest(manifestOf(bundle, golden));
  // What was there before must not be taken for a part of this bundle.
  for (const old of ['manifest.json', TFLITE_FILE, ESP_FOLDER, 'golden']) {
    await rm(path.join(folder, old), { recursive: true, force: true });
  }
  await mkdir(path.join(folder, 'golden'), { recursive: true });
  await writeFile(path.join(folder, MODEL_FILE), bundle.model);
  if (bundle.tflite) await writeFile(path.join(folder, TFLITE_FILE), bundle.tflite);
  if (bundle.esp) await writeFirmware(path.join(folder, ESP_FOLDER), bundle.esp);
  await writeFile(path.join(folder, GOLDEN_FILE), golden);
  for (const [index, { pixels }] of bundle.golden.entries()) {
    await writeFile(path.join(folder, 'golden', tensorFile(index)), pixels);
  }
  // Last, so that a bundle that was cut short is never taken for a whole one.
  await writeFile(path.join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

function manifestOf({ config, decision, figures, model, tflite }: Bundle, golden: string): Manifest {
  const { name, version, description, labels, preprocess, data } = config;
  return {
    schemaVersion: 1,
    name,
    version,
    description,
    labels,
    preprocess,
    model: {
      file: MODEL_FILE,
      sha256: digest(model),
      sizeBytes: model.length,
      input: { name: INPUT_NAME },
      output: { name: OUTPUT_NAME },
    },
    ...(tflite && { tflite: { file: TFLITE_FILE, sha256: digest(tflite), sizeBytes: tflite.length } }),
    decision,
    golden: { file: GOLDEN_FILE, sha256: digest(golden) },
    data,
    figures: { ...figures, ...config.figures },
  };
}

function goldenJson(golden: readonly GoldenCandidate[]): string {
  const vectors = golden.map(({ label, scores }, index) => ({ tensor: tensorFile(index), label, scores: [...scores] }));
  return `${JSON.stringify(goldenSchema.parse({ schemaVersion: 1, tolerance: GOLDEN_TOLERANCE, vectors }), null, 2)}\n`;
}

function tensorFile(index: number): string {
  return `${String(index).padStart(3, '0')}.bin`;
}

function digest(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}
