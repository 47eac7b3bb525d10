import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LinegateError, messageOf } from '../../agent/core/errors.ts';
import type { Manifest } from '../../agent/core/recipe.ts';
import { loadSharp, thumbnail } from '../evaluate/pictures/decode.ts';
import type { RecipeConfig } from './bundle/config.ts';
import { decisionOf, goldenOf, measuredFigures } from './bundle/contents.ts';
import { espFiles, neededTflite, tfliteOf } from './bundle/esp.ts';
import { writeBundle } from './bundle/write.ts';
import { type Engine, ThreadEngine } from './calibrate/engine.ts';
import { keepFloat } from './calibrate/keep-float.ts';
import { pictureTensor } from './calibrate/session.ts';
import { tune } from './calibrate/tune.ts';
import { floatOnnx } from './emit/float-onnx.ts';
import { OUTPUT_NAME } from './emit/onnx-file.ts';
import { qdqOnnx } from './emit/qdq-onnx.ts';
import { type ImageSource, type LabelledImage, listImages, spread } from './images/list.ts';
import { loadPictures, type Picture } from './images/pictures.ts';
import { type Graph, shapeOf } from './ir/graph.ts';
import { compile } from './passes/pipeline.ts';
import { commonFolder } from './report/changed.ts';
import { checkDrop } from './report/drop.ts';
import { type PassRecord, recordOf } from './report/explain.ts';
import { latencyOf, measure, type Quantised } from './report/measure.ts';
import { reportPage } from './report/page/page.ts';
import type { Report } from './report/report.ts';
import { scorerOf } from './report/score.ts';
import { writeTflite } from './tflite/write.ts';
import { Original } from './verify/original.ts';

/** Enough for stable ranges; more only costs time. */
const CALIBRATION_PICTURES = 256;
const CHECKED_PICTURES = 8;
const THUMBNAIL_PX = 160;

export interface QuantizeOptions {
  /** A float .onnx file; its input is pixels / 255. */
  readonly model: string;
  readonly recipe: RecipeConfig;
  /** Pictures that give the ranges of the integers. */
  readonly calibrate: ImageSource;
  /** Labelled pictures that neither training nor thresholds saw: for the figures. */
  readonly evaluate?: ImageSource | undefined;
  /** Labelled pictures to choose thresholds on, where the recipe has none. */
  readonly thresholds?: ImageSource | undefined;
  /** Pictures whose tensors go into the bundle as golden vectors; made-up ones by default. */
  readonly golden?: ImageSource | undefined;
  /** The folder of the bundle; made where it is missing. */
  readonly out: string;
  /** How ranges are taken; 'auto' by default: the one that follows the float model best. */
  readonly observer?: ObserverChoice | undefined;
  /** Whether weights are rounded by what their layer reads; 'auto' by default: where that helps and does not take long. */
  readonly rounding?: 'nearest' | 'adaptive' | 'auto' | undefined;
  /** Whether activations in model.onnx are uint8 (default; faster on x86) or int8; the numbers mean the same. */
  readonly act?: 'u8' | 's8' | undefined;
  /** Names of layers that stay float; then there is no TFLite model. */
  readonly keepFloat?: readonly string[] | undefined;
  /** The most points of accuracy that INT8 may lose on `evaluate`; beyond it the report is written and no bundle. */
  readonly maxDropPoints?: number | undefined;
  /** Also writes the firmware's model component, into esp/. */
  readonly esp?: boolean | undefined;
}

/** How ranges are taken from the calibration pictures. */
export type ObserverChoice = keyof typeof OBSERVERS;

const OBSERVERS = { minmax: 'min-max', percentile: 'percentile-99.99', mse: 'mse', auto: undefined } as const;

/** What is being done; `done` of `total` where it is counted. */
export interface Progress {
  readonly step: string;
  readonly done?: number;
  readonly total?: number;
}

/**
 * Makes an INT8 bundle (model.onnx, model.tflite, manifest.json, golden/, report.json, report.html, esp/ where asked for) of a float ONNX model.
 * Throws LinegateError: 'bad-model', 'bad-recipe', 'bad-image' or 'bad-argument', one sentence each.
 */
export async function quantize(
  options: QuantizeOptions,
  onProgress: (progress: Progress) => void = () => {},
): Promise<{ readonly manifest: Manifest; readonly report: Report }> {
  // It gets ready while the model and the pictures are read.
  const engine = new ThreadEngine();
  try {
    return await quantizeWith(engine, options, onProgress);
  } finally {
    await engine.close();
  }
}

async function quantizeWith(engine: Engine, options: QuantizeOptions, onProgress: (progress: Progress) => void) {
  const { recipe, out } = options;
  const load = async (source: ImageSource | undefined, step: string, most?: number) =>
    source && pictures(source, recipe, step, onProgress, most);
  onProgress({ step: 'reading the model' });
  const file = await readBytes(options.model);
  const passes: PassRecord[] = [];
  const graph = compile(file, sizeOf(recipe), (...step) => passes.push(recordOf(...step)));
  checkLabels(recipe, graph);
  const calibration = (await load(options.calibrate, 'calibration pictures', CALIBRATION_PICTURES)) ?? [];
  onProgress({ step: 'choosing scales' });
  const made = { ...(await convert(engine, file, graph, calibration, options)), passes };
  // Early: nobody should wait for figures of what cannot be had.
  const espModel = options.esp ? neededTflite(made.tflite) : undefined;
  const validation = await load(options.thresholds, 'pictures for thresholds');
  const decision = await decisionOf(recipe, made.scorers.int8, validation);
  const heldOut = await load(options.evaluate, 'evaluation pictures');
  const goldenPictures = await load(options.golden, 'golden pictures');
  onProgress({ step: 'measuring' });
  const latencyMs = await latencyOf(made);
  const [report, golden] = await Promise.all([
    measure(recipe, decision, { ...made, latencyMs }, heldOut),
    goldenOf(recipe, made, goldenPictures),
  ]);
  await writeReport(out, report, heldOut ?? [], options.maxDropPoints);
  if (options.maxDropPoints !== undefined) checkDrop(report, options.maxDropPoints, out);
  const figures = measuredFigures(report);
  const esp = espModel && espFiles({ ...recipe, decision }, espModel, golden);
  const tflite = 'model' in made.tflite ? writeTflite(made.tflite.model) : undefined;
  const manifest = await writeBundle(out, {
    config: recipe,
    decision,
    figures,
    model: made.model,
    golden,
    tflite,
    esp,
  });
  return { manifest, report };
}

/** Writes report.json and report.html; `pictures` are those of the evaluation. */
async function writeReport(
  out: string,
  report: Report,
  pictures: readonly Picture[],
  maxDropPoints: number | undefined,
): Promise<void> {
  await mkdir(out, { recursive: true });
  await writeFile(path.join(out, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  const [folder, sharp] = [commonFolder(pictures.map(({ file }) => file)), await loadSharp()];
  const small = (file: string) => thumbnail(sharp, path.join(folder, file), THUMBNAIL_PX);
  await writeFile(path.join(out, 'report.html'), await reportPage(report, { maxDropPoints, thumbnail: small }));
}

/** Quantises a compiled model with ranges from `calibration`, after a check that it was read as it was meant. */
async function convert(
  engine: Engine,
  file: Uint8Array,
  compiled: Graph,
  calibration: readonly Picture[],
  { observer = 'auto', rounding, act, keepFloat: kept = [] }: QuantizeOptions,
): Promise<Omit<Quantised, 'passes'>> {
  const original = await Original.open(file, compiled);
  await original.checkSame(calibration.slice(0, CHECKED_PICTURES).map(({ pixels }) => pixels));
  const shape = shapeOf(compiled, compiled.input);
  const tensors = calibration.map(({ pixels }) => pictureTensor(pixels, shape));
  const [tuned, floatScores] = await Promise.all([
    tune(compiled, tensors, { observer: OBSERVERS[observer], rounding, engine }),
    engine.outputs(floatOnnx(compiled), OUTPUT_NAME, tensors),
  ]);
  const { graph, candidates, trials } = await keepFloat(tuned, kept, tensors);
  const { plan } = candidates[0];
  const model = qdqOnnx(graph, plan, [], { signed: act === 's8' });
  const scorers = { float: await scorerOf(floatOnnx(compiled), shape), int8: await scorerOf(model, shape) };
  const tflite = tfliteOf(graph, plan);
  const made = { file, original, graph, plan, model, tflite, candidates, trials, scorers };
  return { ...made, pictures: calibration, tensors, floatScores, engine };
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new LinegateError('bad-argument', `${file} cannot be read (${messageOf(error)}).`, { cause: error });
  }
}

function sizeOf({ preprocess }: RecipeConfig) {
  const { heightPx, widthPx, colour } = preprocess;
  return { heightPx, widthPx, channels: colour === 'rgb' ? 3 : 1 };
}

function checkLabels(recipe: RecipeConfig, graph: Graph): void {
  const [, scores] = shapeOf(graph, graph.output);
  if (scores === recipe.labels.length) return;
  throw new LinegateError(
    'bad-recipe',
    `The model gives ${scores} scores, the recipe names ${recipe.labels.length} labels; they must be as many.`,
  );
}

async function pictures(
  source: ImageSource,
  recipe: RecipeConfig,
  step: string,
  onProgress: (progress: Progress) => void,
  most = Number.POSITIVE_INFINITY,
): Promise<Picture[]> {
  const images = spread(await listImages(source), most);
  checkKnown(source, images, recipe);
  const total = images.length;
  return loadPictures(images, recipe.preprocess, (done) => onProgress({ step, done, total }));
}

function checkKnown(source: ImageSource, images: readonly LabelledImage[], recipe: RecipeConfig): void {
  const known = new Set(recipe.labels.map(({ name }) => name));
  const unknown = images.find(({ label }) => !known.has(label));
  if (unknown === undefined) return;
  throw new LinegateError(
    'bad-argument',
    `${source.path} holds the label "${unknown.label}", which the recipe does not name (it has ${[...known].join(', ')}).`,
  );
}
