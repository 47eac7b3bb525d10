import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { tinyOnnx, tinyScores } from '../../../test/fixtures/tiny-model.ts';
import type { Manifest } from '../../core/recipe.ts';

const SIDE_PX = 8;
const LABELS = ['ok', 'scratch', 'dent'] as const;

export interface TinyRecipe {
  readonly name?: string;
  readonly version?: number;
  readonly description?: string;
  readonly model?: Uint8Array;
  /** The golden scores are off by so much. */
  readonly goldenOff?: number;
}

/**
 * Writes a whole bundle whose model says `ok` to red pictures, `scratch` to green and `dent` to blue ones. The thresholds
 * of a defect: review from 0.3, reject from 0.6.
 */
export function writeTinyRecipe(folder: string, given: TinyRecipe = {}): Manifest {
  const { name = 'tiny', version = 1, description = 'Coloured squares, for tests.', goldenOff = 0 } = given;
  const model = given.model ?? tinyOnnx({ heightPx: SIDE_PX, widthPx: SIDE_PX, channels: 3, labels: LABELS.length });
  const vectors = LABELS.map((label, index) => {
    const colour = [0, 1, 2].map((channel) => (channel === index ? 200 : 60));
    const tensor = Uint8Array.from({ length: SIDE_PX * SIDE_PX * 3 }, (_, i) => colour[i % 3] ?? 0);
    const scores = tinyScores(colour, LABELS.length).map((score) => score + goldenOff);
    return { file: `${label}.bin`, tensor, label, scores };
  });
  const golden = JSON.stringify({
    schemaVersion: 1,
    tolerance: 0.01,
    vectors: vectors.map(({ file, label, scores }) => ({ tensor: file, label, scores })),
  });
  const manifest = manifestOf({ name, version, description }, model, golden);
  mkdirSync(path.join(folder, 'golden'), { recursive: true });
  writeFileSync(path.join(folder, 'manifest.json'), JSON.stringify(manifest));
  writeFileSync(path.join(folder, 'model.onnx'), model);
  writeFileSync(path.join(folder, 'golden', 'golden.json'), golden);
  for (const { file, tensor } of vectors) writeFileSync(path.join(folder, 'golden', file), tensor);
  return manifest;
}

function manifestOf(
  head: Pick<Manifest, 'name' | 'version' | 'description'>,
  model: Uint8Array,
  golden: string,
): Manifest {
  const [ok, ...defects] = LABELS;
  return {
    schemaVersion: 1,
    ...head,
    labels: [{ name: ok, kind: 'ok' }, ...defects.map((name) => ({ name, kind: 'defect' as const }))],
    preprocess: {
      colour: 'rgb',
      widthPx: SIDE_PX,
      heightPx: SIDE_PX,
      region: { x: 0, y: 0, width: 1, height: 1 },
    },
    model: {
      file: 'model.onnx',
      sha256: sha256(model),
      sizeBytes: model.length,
      input: { name: 'input' },
      output: { name: 'scores' },
    },
    decision: {
      minimumOk: 0.5,
      thresholds: Object.fromEntries(defects.map((name) => [name, { review: 0.3, reject: 0.6 }])),
    },
    golden: { file: 'golden/golden.json', sha256: sha256(golden) },
    data: { source: 'none', licence: 'none', split: 'none' },
    figures: {},
  };
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
