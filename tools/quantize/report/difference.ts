import { randomOf } from '../../../agent/core/render/prng.ts';
import { groupingOf, quantileOf, resamples } from '../../evaluate/stats/bootstrap.ts';
import { type Judged, topOf } from './accuracy.ts';

/** A share of the INT8 model less the same share of the float one, -1 to 1, on the same pictures. */
export interface Gain {
  readonly value: number;
  /** 95 %: what resamples of whole groups give from their 2.5th to their 97.5th percentile. */
  readonly interval: readonly [low: number, high: number];
}

/** INT8 less float. */
export interface Difference {
  readonly accuracy: Gain;
  /** The mean over labels. */
  readonly balancedAccuracy: Gain;
  readonly groups: number;
}

const RESAMPLES = 2000;
const SEED = 20260101;

/** How much right answers of `judged` differ between the models; both see each resample. The same at each run and in any order. */
export function differenceOf(labels: readonly string[], judged: readonly Judged[]): Difference {
  const outcomes = judged.map((one) => outcomeOf(labels, one)).sort(byContent);
  const grouping = groupingOf(outcomes);
  const found = { accuracy: [] as number[], balancedAccuracy: [] as number[] };
  for (const weights of resamples(grouping, RESAMPLES, randomOf(SEED, 0))) {
    const { all, balanced } = gainsOf(outcomes, weights);
    found.accuracy.push(all);
    found.balancedAccuracy.push(balanced);
  }
  const { all, balanced } = gainsOf(outcomes, new Float64Array(outcomes.length).fill(1));
  return {
    accuracy: { value: all, interval: intervalOf(found.accuracy) },
    balancedAccuracy: { value: balanced, interval: intervalOf(found.balancedAccuracy) },
    groups: grouping.strata.flat().length,
  };
}

/** What counts of one picture: `gain` is 1 where only INT8 is right, -1 where only float is, else 0. */
interface Outcome {
  readonly label: string;
  readonly group: string;
  readonly gain: number;
}

function outcomeOf(labels: readonly string[], { label, group, float, quantised }: Judged): Outcome {
  const right = (scores: readonly number[]) => Number(labels[topOf(scores)] === label);
  return { label, group, gain: right(quantised) - right(float) };
}

/** Groups are numbered as they come, so the order must not depend on how pictures were listed. */
function byContent(a: Outcome, b: Outcome): number {
  return compare(a.group, b.group) || compare(a.label, b.label) || a.gain - b.gain;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** A label that has no weight in a resample is left out of its balance. */
function gainsOf(outcomes: readonly Outcome[], weights: Float64Array): { all: number; balanced: number } {
  const sums = new Map<string, { weight: number; gain: number }>();
  const total = { weight: 0, gain: 0 };
  for (const [at, { label, gain }] of outcomes.entries()) {
    const weight = weights[at] ?? 0;
    if (weight === 0) continue;
    const own = sums.get(label) ?? { weight: 0, gain: 0 };
    sums.set(label, { weight: own.weight + weight, gain: own.gain + weight * gain });
    total.weight += weight;
    total.gain += weight * gain;
  }
  const shares = [...sums.values()].map(({ weight, gain }) => gain / weight);
  return { all: total.gain / total.weight, balanced: shares.reduce((sum, share) => sum + share, 0) / shares.length };
}

function intervalOf(values: readonly number[]): Gain['interval'] {
  const sorted = [...values].sort((a, b) => a - b);
  return [quantileOf(sorted, 0.025), quantileOf(sorted, 0.975)];
}
