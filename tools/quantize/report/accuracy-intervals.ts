import { randomOf } from '../../../agent/core/render/prng.ts';
import type { Interval } from '../../evaluate/stats/binomial.ts';
import { groupingOf, resamples } from '../../evaluate/stats/bootstrap.ts';
import type { Figures } from '../../evaluate/stats/figures.ts';
import { intervalsOf, Spread } from '../../evaluate/stats/intervals.ts';
import { type Judged, topOf } from './accuracy.ts';

const RESAMPLES = 2000;
const SEED = 20260101;
const MODELS = ['float', 'quantised'] as const;

/** 95 % intervals of both models' accuracy: of resampled groups or exact binomial, whichever is wider at each end. */
export function accuracyIntervals(
  labels: readonly string[],
  judged: readonly Judged[],
): { readonly float: Interval; readonly int8: Interval } {
  // Groups are numbered as they come; in this order a listing changes nothing.
  const sorted = [...judged].sort((a, b) => compare(a.group, b.group) || compare(a.label, b.label));
  const right = {
    float: sorted.map(({ label, float }) => Number(labels[topOf(float)] === label)),
    quantised: sorted.map(({ label, quantised }) => Number(labels[topOf(quantised)] === label)),
  };
  const spread = new Spread();
  for (const weights of resamples(groupingOf(sorted), RESAMPLES, randomOf(SEED, 0))) {
    spread.add(MODELS.map((model) => [model, weightedMean(right[model], weights)] as const));
  }
  const figures: Figures = new Map(
    MODELS.map((model) => {
      const hits = right[model].reduce((sum, one) => sum + one, 0);
      return [model, { value: hits / sorted.length, shares: [{ hits, total: sorted.length }] }] as const;
    }),
  );
  const intervals = intervalsOf(figures, spread);
  return { float: intervals.get('float') ?? [0, 1], int8: intervals.get('quantised') ?? [0, 1] };
}

function weightedMean(values: readonly number[], weights: Float64Array): number {
  let [sum, total] = [0, 0];
  for (const [at, weight] of weights.entries()) {
    sum += weight * (values[at] ?? 0);
    total += weight;
  }
  return sum / total;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
