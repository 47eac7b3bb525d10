import { type DecisionRule, decide } from '../../../agent/core/decide.ts';

/** What a recipe's thresholds do with labelled pictures, as shares. */
export interface VerdictShares {
  /** Of the pictures of defects: passed. */
  readonly escapes: number;
  /** Of the pictures of good parts: rejected or sent to review, which acts at the gate as reject. */
  readonly falseRejects: number;
  /** Of all pictures: sent to review. */
  readonly reviews: number;
}

/** The verdicts of `rule` on pictures with `scores` and the label that a person gave. */
export function verdictShares(
  rule: DecisionRule,
  pictures: readonly { readonly label: string; readonly scores: readonly number[] }[],
): VerdictShares {
  const kinds = new Map(rule.labels.map(({ name, kind }) => [name, kind]));
  const judged = pictures.map(({ label, scores }) => ({
    kind: kinds.get(label),
    verdict: decide(rule, scores)?.verdict,
  }));
  const share = (of: typeof judged, hit: (one: (typeof judged)[number]) => boolean) =>
    of.length === 0 ? 0 : of.filter(hit).length / of.length;
  return {
    escapes: share(
      judged.filter(({ kind }) => kind === 'defect'),
      ({ verdict }) => verdict === 'pass',
    ),
    falseRejects: share(
      judged.filter(({ kind }) => kind === 'ok'),
      ({ verdict }) => verdict !== 'pass',
    ),
    reviews: share(judged, ({ verdict }) => verdict === 'review'),
  };
}
