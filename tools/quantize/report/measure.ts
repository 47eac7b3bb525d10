import { createHash } from 'node:crypto';
import { availableParallelism, cpus } from 'node:os';
import type { Tensor } from 'onnxruntime-node';
import type { Manifest } from '../../../agent/core/recipe.ts';
import { predictArena } from '../arena/predict.ts';
import type { RecipeConfig } from '../bundle/config.ts';
import type { TfliteResult } from '../bundle/esp.ts';
import { verdictShares } from '../bundle/verdicts.ts';
import type { Candidate } from '../calibrate/choose-plan.ts';
import type { Engine } from '../calibrate/engine.ts';
import { layerSensitivity } from '../calibrate/sensitivity.ts';
import { openSession, pictureTensor } from '../calibrate/session.ts';
import { noiseRatios } from '../calibrate/sqnr.ts';
import type { Trial } from '../calibrate/tune.ts';
import { floatOnnx } from '../emit/float-onnx.ts';
import { qdqOnnx } from '../emit/qdq-onnx.ts';
import { spread } from '../images/list.ts';
import type { Picture } from '../images/pictures.ts';
import { type Graph, shapeOf } from '../ir/graph.ts';
import type { QuantPlan } from '../quantize/plan.ts';
import { writeTflite } from '../tflite/write.ts';
import type { Original } from '../verify/original.ts';
import { evaluate, type Judged } from './accuracy.ts';
import { accuracyIntervals } from './accuracy-intervals.ts';
import { changedPictures } from './changed.ts';
import { cpuInfo, sumsSaturate } from './cpu.ts';
import { differenceOf } from './difference.ts';
import { floatWork, type OperatorCounts, optimisedOperators } from './fusion.ts';
import { labelOrderWarnings } from './label-order.ts';
import { interleavedLatency, type Latency } from './latency.ts';
import type { Report } from './report.ts';
import type { Scorer } from './score.ts';

/** Pictures for the noise ratio of every layer. */
const LAYER_PICTURES = 16;

/** A quantised model with all that it came from. */
export interface Quantised {
  readonly file: Uint8Array;
  readonly original: Original;
  readonly graph: Graph;
  readonly plan: QuantPlan;
  readonly model: Uint8Array;
  readonly tflite: TfliteResult;
  readonly passes: Report['passes'];
  /** The first was used. */
  readonly candidates: readonly [Candidate, ...Candidate[]];
  readonly trials: readonly Trial[];
  /** Those of the calibration, as pictures and as onnxruntime takes them. */
  readonly pictures: readonly Picture[];
  readonly tensors: readonly Tensor[];
  /** The float model's, a list a picture. */
  readonly floatScores: readonly Float32Array[];
  readonly scorers: { readonly float: Scorer; readonly int8: Scorer };
  /** Runs models beside this thread. */
  readonly engine: Engine;
}

/** Measures a quantised model on this machine and, where given, on labelled pictures; `latencyMs` was measured before, alone. */
export async function measure(
  recipe: RecipeConfig,
  decision: Manifest['decision'],
  made: Quantised & Pick<Report, 'latencyMs'>,
  pictures: readonly Picture[] | undefined,
): Promise<Report> {
  const { latencyMs } = made;
  const labels = recipe.labels.map(({ name }) => name);
  const [sensitivity, optimised, layers, evaluated] = await Promise.all([
    // First, for it is the thread's.
    layerSensitivity(made.graph, made.plan, made.tensors, made.engine),
    optimisedOperators(made.model),
    layerNoise(made),
    pictures && evaluation(recipe, decision, made.scorers, pictures),
  ]);
  return {
    name: recipe.name,
    modelSha256: createHash('sha256').update(made.model).digest('hex'),
    sizeBytes: { float: made.file.length, int8: made.model.length },
    ...('model' in made.tflite && {
      esp: { sizeBytes: writeTflite(made.tflite.model).length, arenaBytes: predictArena(made.tflite.model).totalBytes },
    }),
    passes: made.passes,
    calibration: {
      pictures: made.tensors.length,
      observers: made.candidates.map(({ observer, logitSqnrDb }) => ({ observer, logitSqnrDb: rounded(logitSqnrDb) })),
    },
    tuning: made.trials,
    sensitivity,
    layers,
    ...(evaluated && { evaluation: evaluated }),
    optimised,
    latencyMs,
    machine: machineName(),
    warnings: [
      ...labelOrderWarnings(labels, made.pictures, made.floatScores),
      ...('refused' in made.tflite ? [`there is no model.tflite: ${made.tflite.refused}`] : []),
      ...warningsOf(optimised, latencyMs, sumsSaturate(await cpuInfo())),
    ],
  };
}

async function layerNoise({ graph, plan, tensors }: Quantised): Promise<Report['layers']> {
  const values = graph.nodes.map(({ output }) => output);
  const float = await openSession(floatOnnx(graph, values));
  const int8 = await openSession(qdqOnnx(graph, plan, values));
  const ratios = await noiseRatios(float, int8, values, spread(tensors, LAYER_PICTURES));
  return graph.nodes.map(({ name, op, output }) => ({ name, operator: op, sqnrDb: rounded(ratios.get(output) ?? 0) }));
}

async function evaluation(
  recipe: RecipeConfig,
  decision: Manifest['decision'],
  scorers: Quantised['scorers'],
  pictures: readonly Picture[],
) {
  const judged: (Judged & { readonly file: string })[] = [];
  for (const { file, label, group, pixels } of pictures) {
    judged.push({ file, label, group, float: await scorers.float(pixels), quantised: await scorers.int8(pixels) });
  }
  const labels = recipe.labels.map(({ name }) => name);
  const rule = { labels: recipe.labels, decision };
  const shares = (model: 'float' | 'quantised') =>
    verdictShares(
      rule,
      judged.map((one) => ({ label: one.label, scores: one[model] })),
    );
  return {
    ...evaluate(labels, judged),
    difference: differenceOf(labels, judged),
    accuracyIntervals: accuracyIntervals(labels, judged),
    verdicts: shares('quantised'),
    floatVerdicts: shares('float'),
    changed: changedPictures(rule, judged),
  };
}

/** One picture's time by the float file and by the integers, in turns. Nothing else should run meanwhile. */
export async function latencyOf({ graph, original, model }: Pick<Quantised, 'graph' | 'original' | 'model'>) {
  const shape = shapeOf(graph, graph.input);
  const pixels = new Uint8Array(shape.reduce((all, side) => all * side, 1)).fill(128);
  const int8 = await openSession(model);
  return interleavedLatency([original.session, original.input(pixels)], [int8, pictureTensor(pixels, shape)]);
}

function warningsOf(
  optimised: OperatorCounts,
  { float, int8 }: { float: Latency; int8: Latency },
  saturates: boolean,
): string[] {
  const left = floatWork(optimised);
  return [
    ...(left ? [`onnxruntime left work in float on this machine: ${left}`] : []),
    ...(int8.median > float.median
      ? [`INT8 is slower than float on this machine: ${int8.median} ms against ${float.median} ms`]
      : []),
    ...(saturates
      ? ['this CPU has no VNNI: sums of products saturate, so scores may differ from other devices; measure elsewhere']
      : []),
  ];
}

function machineName(): string {
  return `${cpus()[0]?.model.trim() || process.arch}, ${availableParallelism()} cores, Node ${process.versions.node}`;
}

function rounded(value: number): number {
  return Number(value.toFixed(2));
}
