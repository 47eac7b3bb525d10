import { randomOf } from '../../agent/core/render/prng.ts';
import type { Evaluation, Figures, StopFigures } from './evaluation.ts';
import type { Interval } from './stats/binomial.ts';
import { groupingOf, resamples } from './stats/bootstrap.ts';
import { type Budget, borderFor } from './stats/borders.ts';
import { confusionOf, verdictCountsOf } from './stats/counts.ts';
import { type Figure, figuresOf } from './stats/figures.ts';
import { intervalsOf, Spread } from './stats/intervals.ts';
import { rankingOf, type Step, stepsOf } from './stats/ranking.ts';
import type { Sample } from './stats/sample.ts';

const RESAMPLES = 2000;
const SEED = 1;

/** The figure of an error. */
export const errorKeys = { 'false-rejects': 'falseRejects', escapes: 'escapes' } as const;

/** A budget with the border that keeps it and what that does. */
export interface MeasuredBorder {
  readonly budget: Budget;
  /** NaN when there is none. */
  readonly border: number;
  readonly borderInterval: Interval | undefined;
  /** The rate of the budgeted error that 95 % of the resamples do not exceed. */
  readonly errorUpper: number | undefined;
  readonly figures: StopFigures<Figure>;
  readonly intervals: StopFigures<Interval | undefined>;
}

/** What the pictures say of a model, and what other pictures of its kind might. */
export interface Measured {
  readonly values: Figures<number | null>;
  readonly intervals: Figures<Interval | null>;
  readonly confusion: Evaluation['confusion'];
  readonly verdictCounts: Evaluation['verdictCounts'];
  readonly steps: readonly Step[];
  readonly borders: readonly MeasuredBorder[];
}

/** Computes all figures of a sample, with intervals from resamples of its groups; always the same ones. */
export function measure(sample: Sample, budgets: readonly Budget[]): Measured {
  const ranking = rankingOf(sample.defectScore, sample.defective);
  const ones = new Float64Array(sample.truth.length).fill(1);
  const steps = stepsOf(ranking, ones);
  const borders = budgets.map((budget) => borderFor(budget, steps));
  const figures = figuresOf(sample, steps, borders, ones);
  const spread = new Spread();
  for (const weights of resamples(groupingOf(sample.pictures), RESAMPLES, randomOf(SEED, 0))) {
    const again = stepsOf(ranking, weights);
    const found = figuresOf(sample, again, borders, weights);
    spread.add([
      ...[...found].map(([name, { value }]) => [name, value] as const),
      ...budgets.map((budget, at) => [`border.${at}`, borderFor(budget, again)] as const),
    ]);
  }
  const intervals = intervalsOf(figures, spread);
  const labels = sample.rule.labels.map(({ name }) => name);
  return {
    values: assemble(labels, (name) => orNull(figures.get(name)?.value)),
    intervals: assemble(labels, (name) => intervals.get(name) ?? null),
    confusion: namedTable(labels, confusionOf(sample, ones)),
    verdictCounts: verdictCountsOf(sample, ones),
    steps,
    borders: budgets.map((budget, at) => ({
      budget,
      border: borders[at] ?? Number.NaN,
      borderInterval: spread.interval(`border.${at}`),
      errorUpper: spread.upper(`borders.${at}.${errorKeys[budget.error]}`),
      figures: stopFigures(`borders.${at}`, (name) => figures.get(name) ?? { value: Number.NaN }),
      intervals: stopFigures(`borders.${at}`, (name) => intervals.get(name)),
    })),
  };
}

function assemble<T>(labels: readonly string[], get: (name: string) => T): Figures<T> {
  const ofLabel = (label: string) => ({
    precision: get(`classes.${label}.precision`),
    recall: get(`classes.${label}.recall`),
    f1: get(`classes.${label}.f1`),
  });
  return {
    accuracy: get('accuracy'),
    balancedAccuracy: get('balancedAccuracy'),
    auc: get('auc'),
    averagePrecision: get('averagePrecision'),
    classes: Object.fromEntries(labels.map((label) => [label, ofLabel(label)])),
    okDefect: {
      accuracy: get('okDefect.accuracy'),
      balancedAccuracy: get('okDefect.balancedAccuracy'),
      okRecall: get('okDefect.okRecall'),
      defectRecall: get('okDefect.defectRecall'),
    },
    verdicts: stopFigures('verdicts', get),
  };
}

function stopFigures<T>(prefix: string, get: (name: string) => T): StopFigures<T> {
  return {
    falseRejects: get(`${prefix}.falseRejects`),
    escapes: get(`${prefix}.escapes`),
    reviews: get(`${prefix}.reviews`),
    balancedAccuracy: get(`${prefix}.balancedAccuracy`),
  };
}

function orNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

function namedTable(labels: readonly string[], table: readonly (readonly number[])[]): Evaluation['confusion'] {
  const rowOf = (row: readonly number[] = []) => Object.fromEntries(labels.map((label, at) => [label, row[at] ?? 0]));
  return Object.fromEntries(labels.map((label, at) => [label, rowOf(table[at])]));
}
