import { availableParallelism, cpus } from 'node:os';
import type { Manifest } from '../../agent/core/recipe.ts';
import { choicesFor } from './budgets.ts';
import type { Evaluation, Latency } from './evaluation.ts';
import { measure } from './measure.ts';
import { notesOn } from './notes.ts';
import { listPictures } from './pictures/list.ts';
import { type Run, runRecipe } from './run.ts';
import { quantileOf } from './stats/bootstrap.ts';
import type { Budget } from './stats/borders.ts';
import { reliabilityOf } from './stats/calibration.ts';
import { curveOf } from './stats/ranking.ts';
import { type Sample, sampleOf } from './stats/sample.ts';
import { wrongPictures } from './wrong.ts';

export interface EvaluateOptions {
  readonly manifest: Manifest;
  readonly modelFile: string;
  /** One folder per label, or the files that the list names. */
  readonly images: string;
  /** A CSV with file, class and group. */
  readonly list: string | undefined;
  readonly budgets: readonly Budget[];
  /** The moment that the report shows. */
  readonly now: Date;
  readonly onProgress: (done: number, total: number) => void;
}

const CURVE_POINTS = 300;

/**
 * Runs a recipe on labelled pictures and computes all that is to be known of it. The same pictures give the same figures,
 * but for the latency. Rejects with LinegateError 'bad-argument', 'bad-model' or 'bad-image'.
 */
export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  const { manifest, images, budgets } = options;
  const { pictures, grouped } = listPictures(
    images,
    options.list,
    manifest.labels.map(({ name }) => name),
  );
  const run = await runRecipe(options, images, pictures, (done) => options.onProgress(done, pictures.length));
  const sample = sampleOf(manifest, run.scored);
  const measured = measure(sample, budgets);
  const counts = labelCounts(sample);
  return {
    schemaVersion: 1,
    recipe: `${manifest.name}@${manifest.version}`,
    model: { sha256: manifest.model.sha256, sizeBytes: manifest.model.sizeBytes },
    decision: manifest.decision,
    evaluatedAt: options.now.toISOString(),
    machine: machine(),
    images,
    pictures: run.scored.length,
    groups: groupsIn(run.scored),
    picturesSha256: run.picturesSha256,
    labels: counts,
    broken: run.broken,
    notes: notesOn({ labels: counts, grouped, broken: run.broken.length, listed: pictures.length }),
    ...measured.values,
    confusion: measured.confusion,
    verdictCounts: measured.verdictCounts,
    intervals: measured.intervals,
    calibration: calibrationOf(sample),
    curve: curveOf(measured.steps, CURVE_POINTS),
    thresholds: choicesFor(measured),
    latencyMs: latencyOf(run),
    wrong: wrongPictures(sample),
  };
}

function labelCounts({ rule, pictures }: Sample): Evaluation['labels'] {
  const entries = rule.labels.map(({ name, kind }) => {
    const own = pictures.filter(({ label }) => label === name);
    return [name, { kind, pictures: own.length, groups: groupsIn(own) }] as const;
  });
  return Object.fromEntries(entries);
}

function groupsIn(pictures: readonly { readonly group: string }[]): number {
  return new Set(pictures.map(({ group }) => group)).size;
}

function calibrationOf({ defectScore, defective, pictures, predicted, truth }: Sample): Evaluation['calibration'] {
  const highest = pictures.map(({ scores }) => Math.max(...scores));
  return {
    defect: reliabilityOf(defectScore, defective),
    label: reliabilityOf(
      highest,
      predicted.map((label, at) => label === truth[at]),
    ),
  };
}

function latencyOf({ preprocessMs, inferenceMs }: Run): Evaluation['latencyMs'] {
  const whole = preprocessMs.map((ms, at) => ms + (inferenceMs[at] ?? 0));
  return { ...quantiles(whole), preprocess: quantiles(preprocessMs), inference: quantiles(inferenceMs) };
}

function quantiles(valuesMs: readonly number[]): Latency {
  const sorted = [...valuesMs].sort((a, b) => a - b);
  const rounded = (q: number) => Math.round(quantileOf(sorted, q) * 1e3) / 1e3;
  return { p50: rounded(0.5), p99: rounded(0.99) };
}

function machine(): string {
  const [first] = cpus();
  return `${first?.model.trim() || process.arch}, ${availableParallelism()} cores, Node ${process.versions.node}`;
}
