import type { Verdict } from '../../../agent/core/part-record.ts';
import type { Sample } from './sample.ts';

/** How much each picture counts: 1 each for the figures themselves, more or less in a resample. */
export type Weights = Float64Array;

export type Kind = 'ok' | 'defect';

/** Weight of pictures by what they show and what is done with them. */
export type VerdictCounts = Record<Kind, Record<Verdict, number>>;

/** Weights of pictures: a row a true label, a column a predicted one. */
export function confusionOf({ rule, truth, predicted }: Sample, weights: Weights): number[][] {
  const counts = rule.labels.map(() => rule.labels.map(() => 0));
  for (const [at, label] of truth.entries()) {
    const row = counts[label];
    const column = predicted[at] ?? 0;
    if (row !== undefined) row[column] = (row[column] ?? 0) + (weights[at] ?? 0);
  }
  return counts;
}

/** What the recipe's own thresholds do. */
export function verdictCountsOf({ defective, verdict }: Sample, weights: Weights): VerdictCounts {
  const counts = { ok: { pass: 0, review: 0, reject: 0 }, defect: { pass: 0, review: 0, reject: 0 } };
  for (const [at, given] of verdict.entries()) counts[defective[at] ? 'defect' : 'ok'][given] += weights[at] ?? 0;
  return counts;
}

/** What happens when all parts with a defect score of `border` or more are stopped. */
export function stoppedFrom({ defective, defectScore }: Sample, border: number, weights: Weights): VerdictCounts {
  const counts = { ok: { pass: 0, review: 0, reject: 0 }, defect: { pass: 0, review: 0, reject: 0 } };
  for (const [at, score] of defectScore.entries()) {
    counts[defective[at] ? 'defect' : 'ok'][score >= border ? 'reject' : 'pass'] += weights[at] ?? 0;
  }
  return counts;
}

export function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
