import { type DecisionRule, decide } from '../../../agent/core/decide.ts';
import { LinegateError } from '../../../agent/core/errors.ts';
import type { Verdict } from '../../../agent/core/part-record.ts';

/** A picture that the model has scored. */
export interface Scored {
  /** Its path inside the folder of pictures. */
  readonly file: string;
  /** What a person says it shows. */
  readonly label: string;
  /** Pictures of one tray, batch or part: never independent of each other. */
  readonly group: string;
  /** One score per label of the recipe, in their order. */
  readonly scores: readonly number[];
}

/** Scored pictures as columns, an entry a picture: what all figures are computed from. */
export interface Sample {
  readonly rule: DecisionRule;
  readonly pictures: readonly Scored[];
  /** Index of the label that a person gave. */
  readonly truth: readonly number[];
  /** Index of the label with the highest score. */
  readonly predicted: readonly number[];
  /** Whether the label that a person gave is a defect's. */
  readonly defective: readonly boolean[];
  /** 1 less the sum of the ok labels' scores, 0 to 1. */
  readonly defectScore: readonly number[];
  readonly verdict: readonly Verdict[];
}

/** Throws LinegateError 'bad-model' when the scores of a picture cannot be used, 'illegal-input' for an unknown label. */
export function sampleOf(rule: DecisionRule, pictures: readonly Scored[]): Sample {
  const index = new Map(rule.labels.map(({ name }, at) => [name, at]));
  const truth = pictures.map(({ label }) => knownIndex(index, label));
  return {
    rule,
    pictures,
    truth,
    predicted: pictures.map(({ scores }) => scores.indexOf(Math.max(...scores))),
    defective: truth.map((at) => rule.labels[at]?.kind === 'defect'),
    defectScore: pictures.map(({ scores }) => defectScoreOf(rule, scores)),
    verdict: pictures.map((picture) => verdictOf(rule, picture)),
  };
}

function knownIndex(index: ReadonlyMap<string, number>, label: string): number {
  const at = index.get(label);
  if (at === undefined) throw new LinegateError('illegal-input', `The recipe has no label "${label}".`);
  return at;
}

function defectScoreOf(rule: DecisionRule, scores: readonly number[]): number {
  const ok = scores.reduce((sum, score, at) => (rule.labels[at]?.kind === 'ok' ? sum + score : sum), 0);
  return Math.min(1, Math.max(0, 1 - ok));
}

function verdictOf(rule: DecisionRule, { file, scores }: Scored): Verdict {
  const decision = decide(rule, scores);
  if (decision !== undefined) return decision.verdict;
  throw new LinegateError(
    'bad-model',
    `The model gave ${file} scores that are not ${rule.labels.length} numbers from 0 to 1; install the recipe again.`,
  );
}
