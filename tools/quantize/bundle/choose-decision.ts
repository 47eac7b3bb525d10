import type { Manifest } from '../../../agent/core/recipe.ts';

/** The scores of a picture and whether it shows a good part. */
export interface ValidationScore {
  readonly ok: boolean;
  /** The sum of the ok labels' scores. */
  readonly okScore: number;
}

/** How far above the border a defect must score to be rejected without a person's look. */
const REVIEW_BAND = 0.1;
const STEP = 0.01;
/** A part never passes that is as likely bad as good, whatever few pictures say: an escape costs more than a second look. */
const LOWEST_BORDER = 0.5;
const BORDERS = 46;

/**
 * Thresholds from pictures that the model was not trained on: the border of the ok score lies where good parts kept and
 * defects stopped add up to most (in the middle of the best places), and defects near it are for review.
 */
export function chooseDecision(labels: Manifest['labels'], scores: readonly ValidationScore[]): Manifest['decision'] {
  const border = bestBorder(scores);
  const review = rounded(1 - border);
  const reject = rounded(Math.min(0.99, review + REVIEW_BAND));
  const defects = labels.filter(({ kind }) => kind === 'defect');
  return { minimumOk: border, thresholds: Object.fromEntries(defects.map(({ name }) => [name, { review, reject }])) };
}

function bestBorder(scores: readonly ValidationScore[]): number {
  const good = scores.filter(({ ok }) => ok);
  const bad = scores.filter(({ ok }) => !ok);
  const share = (some: readonly ValidationScore[], keep: (score: number) => boolean) =>
    some.length === 0 ? 1 : some.filter(({ okScore }) => keep(okScore)).length / some.length;
  const borders = Array.from({ length: BORDERS }, (_, i) => rounded(LOWEST_BORDER + i * STEP));
  const sums = borders.map((border) => share(good, (s) => s >= border) + share(bad, (s) => s < border));
  const highest = Math.max(...sums);
  const best = borders.filter((_, i) => (sums[i] ?? 0) >= highest - 1e-9);
  return best[Math.floor(best.length / 2)] ?? 0.5;
}

function rounded(value: number): number {
  return Math.round(value / STEP) / Math.round(1 / STEP);
}
