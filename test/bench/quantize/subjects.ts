import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type { PreprocessSpec } from '../../../agent/core/frame.ts';
import { readRecipeConfig } from '../../../tools/quantize/bundle/config.ts';
import { listImages, spread } from '../../../tools/quantize/images/list.ts';
import { loadPictures, type Picture } from '../../../tools/quantize/images/pictures.ts';
import type { ActivationScale } from '../../../tools/quantize/quantize/plan.ts';
import { randomSeries } from '../../../tools/quantize/testing/test-model.ts';
import { dataFolder, missingOf, recipesFolder, renderProgram, trainedFolder } from './places.ts';

/** A float model that tools are compared on. */
export interface Subject {
  readonly name: string;
  /** The float model, a .onnx file; its input is channels first. */
  readonly file: string;
  readonly size: { readonly heightPx: number; readonly widthPx: number; readonly channels: number };
  /** What the model takes is (pixel - zeroPoint) * scale. */
  readonly input: ActivationScale;
  /** In the order of the scores; undefined where nobody gave the pictures labels that the model knows. */
  readonly labels: readonly string[] | undefined;
}

/** The pictures of a subject, as every tool gets them. */
export interface SubjectPictures {
  readonly calibration: readonly Picture[];
  readonly evaluation: readonly Picture[];
}

/** As many for every tool. */
export const CALIBRATION_PICTURES = 100;
const UNLABELLED_PICTURES = 500;
const RING_PICTURES = 2000;
const RING_SEEDS = { calibration: 101, evaluation: 202 } as const;

export const PIXELS: ActivationScale = { scale: Math.fround(1 / 255), zeroPoint: 0 };

const TRAINED = ['coffee-bean', 'machined-ring', 'solar-module'] as const;
const FLOAT_MODELS = [
  { name: 'resnet8', size: { heightPx: 32, widthPx: 32, channels: 3 }, input: { scale: 1, zeroPoint: 0 } },
  { name: 'vww', size: { heightPx: 96, widthPx: 96, channels: 3 }, input: PIXELS },
  { name: 'kws', size: { heightPx: 49, widthPx: 10, channels: 1 }, input: { scale: 0.5, zeroPoint: 128 } },
] as const;

export const SUBJECT_NAMES: readonly string[] = [...TRAINED, ...FLOAT_MODELS.map(({ name }) => name)];

/** The subject, or a sentence that says what this machine lacks for it. */
export async function subjectOf(name: string): Promise<Subject | string> {
  const open = FLOAT_MODELS.find((one) => one.name === name);
  if (open !== undefined) {
    const file = path.join(dataFolder, 'float-models', `${name}.onnx`);
    return missingOf([file]) ?? { ...open, file, labels: undefined };
  }
  const file = path.join(trainedFolder, `${name}.onnx`);
  const lacking = missingOf([file, ...(name === 'machined-ring' ? [] : [imagesOf(name)])]);
  if (lacking !== undefined) return lacking;
  const { labels, preprocess } = await readRecipeConfig(path.join(recipesFolder, `${name}.json`));
  const { heightPx, widthPx, colour } = preprocess;
  const size = { heightPx, widthPx, channels: colour === 'rgb' ? 3 : 1 };
  return { name, file, size, input: PIXELS, labels: labels.map((label) => label.name) };
}

function imagesOf(name: string): string {
  return path.join(dataFolder, `${name}s`);
}

/** A subject's pictures; those of the ring are drawn into `folder` when they are not there yet (minutes). */
export async function picturesOf({ name, size }: Subject, folder: string): Promise<SubjectPictures> {
  if (name === 'kws') return features(size.heightPx * size.widthPx, size.widthPx);
  if (TRAINED.some((one) => one === name)) return labelled(name, folder);
  const images = await listImages({ path: path.join(dataFolder, 'pretrain/trashnet') });
  const spec = { ...size, colour: 'rgb', region: { x: 0, y: 0, width: 1, height: 1 } } as const;
  const pictures = await loadPictures(spread(images, CALIBRATION_PICTURES + UNLABELLED_PICTURES), spec);
  const every = Math.floor(pictures.length / CALIBRATION_PICTURES);
  return {
    calibration: pictures.filter((_, i) => i % every === 0).slice(0, CALIBRATION_PICTURES),
    evaluation: pictures.filter((_, i) => i % every !== 0),
  };
}

/** Nobody stored recorded words here: random walks stand in for the ten coefficients of 49 moments of sound. */
function features(length: number, coefficients: number): SubjectPictures {
  const made = (seed: number): Uint8Array => {
    const random = randomSeries(seed);
    // The first coefficient, loudness, moves most.
    const walk = Array.from({ length: coefficients }, (_, k) => (80 * random()) / (1 + k));
    return Uint8Array.from({ length }, (_, i) => {
      const k = i % coefficients;
      walk[k] = 0.95 * (walk[k] ?? 0) + (25 * random()) / (1 + k / 2);
      return Math.max(0, Math.min(255, Math.round(2 * (walk[k] ?? 0) + 128)));
    });
  };
  const all = Array.from({ length: CALIBRATION_PICTURES + UNLABELLED_PICTURES }, (_, i) => ({
    ...{ file: `made up ${i}`, label: '', group: String(i) },
    pixels: made(i + 1),
  }));
  return { calibration: all.slice(0, CALIBRATION_PICTURES), evaluation: all.slice(CALIBRATION_PICTURES) };
}

async function labelled(name: string, folder: string): Promise<SubjectPictures> {
  const { preprocess } = await readRecipeConfig(path.join(recipesFolder, `${name}.json`));
  const load = async (source: { path: string; root?: string }, most: number) =>
    loadPictures(spread(await listImages(source), most), preprocess satisfies PreprocessSpec);
  const { calibration, evaluation } = sourcesOf(name, folder);
  return {
    calibration: await load(calibration, CALIBRATION_PICTURES),
    evaluation: await load(evaluation, Number.POSITIVE_INFINITY),
  };
}

/** Where the pictures of a trained model lie; the ring's are drawn when they are missing. */
function sourcesOf(name: string, folder: string) {
  if (name !== 'machined-ring') {
    const list = (part: string) => ({ path: path.join(trainedFolder, `${name}.${part}.csv`), root: imagesOf(name) });
    return { calibration: list('calibration'), evaluation: list('heldout') };
  }
  return {
    calibration: { path: drawnRings(folder, RING_SEEDS.calibration, CALIBRATION_PICTURES) },
    evaluation: { path: drawnRings(folder, RING_SEEDS.evaluation, RING_PICTURES) },
  };
}

function drawnRings(folder: string, seed: number, count: number): string {
  const place = path.join(folder, `rings-${seed}-${count}`);
  if (existsSync(path.join(place, 'manifest.csv'))) return path.join(place, 'manifest.csv');
  process.stderr.write(`drawing ${count} rings\n`);
  const args = [renderProgram, '--out', place, '--count', String(count), '--seed', String(seed), '--balanced'];
  const { status } = spawnSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new RangeError(`Drawing rings ended with ${status}`);
  return path.join(place, 'manifest.csv');
}
