import type { Weights } from './counts.ts';

/** Pictures by falling score, those of one score together. */
export interface Ranking {
  readonly blocks: readonly Block[];
}

/** Pictures (their indexes) that have one score. */
interface Block {
  readonly score: number;
  readonly positives: readonly number[];
  readonly negatives: readonly number[];
}

/** How much lies at `score` or above, of positives and negatives, as weights. */
export interface Step {
  readonly score: number;
  readonly positives: number;
  readonly negatives: number;
}

/** Ranks pictures by their score; positives are what a high score should find. */
export function rankingOf(scores: readonly number[], positive: readonly boolean[]): Ranking {
  const order = scores.map((_, at) => at).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
  const blocks: { score: number; positives: number[]; negatives: number[] }[] = [];
  for (const at of order) {
    const score = scores[at] ?? 0;
    let block = blocks.at(-1);
    if (block?.score !== score) {
      block = { score, positives: [], negatives: [] };
      blocks.push(block);
    }
    (positive[at] ? block.positives : block.negatives).push(at);
  }
  return { blocks };
}

/** From the highest score down: what has been passed. */
export function stepsOf({ blocks }: Ranking, weights: Weights): Step[] {
  let [positives, negatives] = [0, 0];
  return blocks.map((block) => {
    for (const at of block.positives) positives += weights[at] ?? 0;
    for (const at of block.negatives) negatives += weights[at] ?? 0;
    return { score: block.score, positives, negatives };
  });
}

/** The chance that a positive scores higher than a negative, ties counting half. NaN without both. */
export function areaUnderRoc(steps: readonly Step[]): number {
  const all = steps.at(-1);
  if (all === undefined) return Number.NaN;
  let area = 0;
  let before = { positives: 0, negatives: 0 };
  for (const step of steps) {
    area += ((step.negatives - before.negatives) * (step.positives + before.positives)) / 2;
    before = step;
  }
  return area / (all.positives * all.negatives);
}

/** The mean of the precision over the recall, by steps. NaN without positives. */
export function averagePrecision(steps: readonly Step[]): number {
  let area = 0;
  let before = 0;
  for (const { positives, negatives } of steps) {
    if (positives > before) area += ((positives - before) * positives) / (positives + negatives);
    before = positives;
  }
  return before === 0 ? Number.NaN : area / before;
}

/** A place on the ROC and precision-recall curves, as shares. */
export interface CurvePoint {
  /** Parts with this score or more are stopped. */
  readonly score: number;
  readonly falseRejects: number;
  /** Of the defects: stopped. This is the recall. */
  readonly detected: number;
  /** Of what is stopped: defects. */
  readonly precision: number;
}

/** The curves from nothing stopped to all stopped, thinned evenly to about `most` points. Empty without both kinds. */
export function curveOf(steps: readonly Step[], most: number): CurvePoint[] {
  const all = steps.at(-1);
  if (all === undefined || all.positives === 0 || all.negatives === 0) return [];
  const stride = Math.max(1, Math.ceil(steps.length / most));
  const kept = steps.filter((_, at) => at % stride === 0 || at === steps.length - 1);
  return kept.map(({ score, positives, negatives }) => ({
    score,
    falseRejects: negatives / all.negatives,
    detected: positives / all.positives,
    precision: positives / (positives + negatives),
  }));
}
