import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { loadRecipe, type Recipe } from '../../agent/config/recipe.ts';
import type { RecipeConfig } from '../../tools/quantize/bundle/config.ts';
import { syntheticPicture } from '../../tools/quantize/bundle/synthetic.ts';
import { writeBundle } from '../../tools/quantize/bundle/write.ts';
import { choosePlan } from '../../tools/quantize/calibrate/choose-plan.ts';
import { pictureTensor } from '../../tools/quantize/calibrate/session.ts';
import { qdqOnnx } from '../../tools/quantize/emit/qdq-onnx.ts';
import { shapeOf } from '../../tools/quantize/ir/graph.ts';
import { compile } from '../../tools/quantize/passes/pipeline.ts';
import { scorerOf } from '../../tools/quantize/report/score.ts';
import { mobileNetV2 } from './mobilenet.ts';

/** To be counted up when the models are made in another way: those of before are then not used again. */
const VERSION = 1;
const LABELS = 8;
const CALIBRATION_PICTURES = 6;
const GOLDEN_PICTURES = 3;

/** The sizes that are measured: width of the model and side of its input. */
export const SIZES = [
  { alpha: 0.35, sidePx: 96 },
  { alpha: 1, sidePx: 224 },
] as const;

export type Size = (typeof SIZES)[number];

function configOf({ alpha, sidePx }: Size): RecipeConfig {
  const labels = Array.from({ length: LABELS }, (_, i) => ({
    name: `l${i}`,
    kind: i === 0 ? ('ok' as const) : ('defect' as const),
  }));
  const thresholds = Object.fromEntries(labels.slice(1).map(({ name }) => [name, { review: 1, reject: 1 }]));
  return {
    name: `mobilenet-${sidePx}`,
    version: VERSION,
    description: `MobileNetV2, alpha ${alpha}, random weights: for the benchmark only.`,
    labels,
    preprocess: { colour: 'rgb', widthPx: sidePx, heightPx: sidePx, region: { x: 0, y: 0, width: 1, height: 1 } },
    data: { source: 'none', licence: 'none', split: 'none' },
    decision: { minimumOk: 0, thresholds },
    figures: {},
  };
}

/** The recipe of a size, made when it is not in `folder` yet (some seconds). Its scores mean nothing. */
export async function benchRecipe(size: Size, folder: string): Promise<Recipe> {
  const config = configOf(size);
  const place = path.join(folder, `${config.name}-v${VERSION}`);
  if (!existsSync(path.join(place, 'manifest.json'))) await make(size, config, place);
  return loadRecipe(place);
}

async function make({ alpha, sidePx }: Size, config: RecipeConfig, place: string): Promise<void> {
  const graph = compile(mobileNetV2(alpha, sidePx, LABELS), { heightPx: sidePx, widthPx: sidePx, channels: 3 });
  const shape = shapeOf(graph, graph.input);
  const pictures = Array.from({ length: CALIBRATION_PICTURES }, (_, i) => syntheticPicture(config.preprocess, i + 1));
  const [{ plan }] = await choosePlan(
    graph,
    pictures.map((pixels) => pictureTensor(pixels, shape)),
  );
  const model = qdqOnnx(graph, plan);
  const score = await scorerOf(model, shape);
  const golden = await Promise.all(
    pictures.slice(0, GOLDEN_PICTURES).map(async (pixels) => ({ label: 'l0', pixels, scores: await score(pixels) })),
  );
  await mkdir(place, { recursive: true });
  const { decision } = config;
  if (decision !== undefined) await writeBundle(place, { config, decision, figures: {}, model, golden });
}
