import type { Verdict } from '../../agent/core/part-record.ts';
import type { Manifest } from '../../agent/core/recipe.ts';
import type { Interval } from './stats/binomial.ts';
import type { Budget } from './stats/borders.ts';
import type { Reliability } from './stats/calibration.ts';
import type { VerdictCounts } from './stats/counts.ts';
import type { CurvePoint } from './stats/ranking.ts';

/** All that an evaluation found: the document of `linegate evaluate --json`. Shares are 0 to 1; null: not determined. */
export interface Evaluation extends Figures<number | null> {
  readonly schemaVersion: 1;
  /** `name@version`. */
  readonly recipe: string;
  readonly model: { readonly sha256: string; readonly sizeBytes: number };
  /** The thresholds that the recipe has. */
  readonly decision: Manifest['decision'];
  readonly evaluatedAt: string;
  /** Processor and versions of what ran the model. */
  readonly machine: string;
  readonly images: string;
  readonly pictures: number;
  readonly groups: number;
  readonly picturesSha256: string;
  readonly labels: Readonly<Record<string, LabelCounts>>;
  readonly broken: readonly { readonly file: string; readonly reason: string }[];
  /** What a reader should know before trusting the figures, a plain sentence each. */
  readonly notes: readonly string[];
  /** Pictures by true label, then by the label with the highest score. */
  readonly confusion: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly verdictCounts: VerdictCounts;
  /** 95 % intervals; null where the pictures do not determine one. */
  readonly intervals: Figures<Interval | null>;
  /** Of the defect score, and of the highest score against whether its label is right. */
  readonly calibration: { readonly defect: Reliability; readonly label: Reliability };
  readonly curve: readonly CurvePoint[];
  readonly thresholds: readonly BudgetChoice[];
  /** Milliseconds from frame to scores, one thread. */
  readonly latencyMs: Latency & { readonly preprocess: Latency; readonly inference: Latency };
  /** Pictures whose highest score is of a wrong label, the worst first. */
  readonly wrong: readonly WrongPicture[];
}

/** The figures that have intervals. `T` is a figure or its interval. */
export interface Figures<T> {
  readonly accuracy: T;
  readonly balancedAccuracy: T;
  /** Of the defect score, 1 less the sum of the ok labels' scores. */
  readonly auc: T;
  readonly averagePrecision: T;
  readonly classes: Readonly<Record<string, { readonly precision: T; readonly recall: T; readonly f1: T }>>;
  /** The label with the highest score taken by its kind. */
  readonly okDefect: {
    readonly accuracy: T;
    readonly balancedAccuracy: T;
    readonly okRecall: T;
    readonly defectRecall: T;
  };
  /** What the recipe's thresholds do; a review counts as stopped. */
  readonly verdicts: StopFigures<T>;
}

/** Of the good parts: stopped; of the defective ones: passed; of all: reviewed; and the balanced accuracy of it. */
export interface StopFigures<T> {
  readonly falseRejects: T;
  readonly escapes: T;
  readonly reviews: T;
  readonly balancedAccuracy: T;
}

export interface LabelCounts {
  readonly kind: 'ok' | 'defect';
  readonly pictures: number;
  readonly groups: number;
}

export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/** The border of the defect score that keeps a budget on these pictures, and what it costs. */
export interface BudgetChoice {
  readonly budget: Budget;
  /** Parts with this defect score or more are stopped; null when no border keeps the budget. */
  readonly threshold: number | null;
  /** Where the threshold would lie on other pictures. */
  readonly thresholdInterval: Interval | null;
  readonly falseRejects: number | null;
  readonly falseRejectsInterval: Interval | null;
  readonly escapes: number | null;
  readonly escapesInterval: Interval | null;
  /** The highest rate of the budgeted error that these pictures and their groups do not speak against, 95 % one-sided. */
  readonly upperBound: number | null;
  /** Whether `upperBound` is within the budget. */
  readonly supported: boolean;
  /** The same in words. */
  readonly words: string;
}

export interface WrongPicture {
  readonly file: string;
  readonly group: string;
  readonly label: string;
  readonly predicted: string;
  /** Of the predicted label and of the true one. */
  readonly score: number;
  readonly trueScore: number;
  readonly defectScore: number;
  readonly verdict: Verdict;
}
