import { topOf } from '../report/accuracy.ts';

/**
 * How far another engine's scores may lie from ours (onnxruntime on x86 with VNNI). Between engines a layer's integers
 * differ by at most one step where the last bit of a product is rounded another way; end to end that has been seen to
 * move logits by up to eight steps, in TFLite Micro. Vectors are chosen so that eight steps move no score by more than
 * this. onnxruntime on emulated arm64 gave the very same scores.
 */
export const GOLDEN_TOLERANCE = 0.02;
const DRIFT_STEPS = 8;

const MOST_VECTORS = 16;
const FEWEST_PER_LABEL = 2;

/** A picture with its label and the quantised model's scores. */
export interface GoldenCandidate {
  readonly label: string;
  readonly pixels: Uint8Array;
  readonly scores: readonly number[];
}

/**
 * About 16 of `candidates`, as many of every label, from the surest to the least sure that is still calm: on a score in
 * the balance the check would be a matter of luck on another CPU. `logitStep` is the scale of the logits.
 */
export function chooseGolden(
  labels: readonly string[],
  candidates: readonly GoldenCandidate[],
  logitStep: number,
): GoldenCandidate[] {
  const perLabel = Math.max(FEWEST_PER_LABEL, Math.floor(MOST_VECTORS / labels.length));
  return labels.flatMap((label) => {
    const sorted = candidates
      .filter((one) => one.label === label)
      .sort((a, b) => driftOf(a.scores, logitStep) - driftOf(b.scores, logitStep));
    const calm = sorted.filter(({ scores }) => driftOf(scores, logitStep) <= GOLDEN_TOLERANCE);
    return calm.length < FEWEST_PER_LABEL ? sorted.slice(0, FEWEST_PER_LABEL) : atIntervals(calm, perLabel);
  });
}

/** How far a drift of the logits moves the score that it moves most: the slope of Softmax is p (1 - p). */
function driftOf(scores: readonly number[], logitStep: number): number {
  return DRIFT_STEPS * logitStep * Math.max(...scores.map((score) => score * (1 - score)));
}

/** `count` of `items`, the first and the last among them. */
function atIntervals<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  const positions = Array.from({ length: count }, (_, i) => Math.round((i * (items.length - 1)) / (count - 1)));
  return positions.flatMap((at) => items.slice(at, at + 1));
}

/** The label that a model names. */
export function labelOf(labels: readonly string[], scores: readonly number[]): string {
  return labels[topOf(scores)] ?? '';
}
