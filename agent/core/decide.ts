import type { Verdict } from './part-record.ts';
import type { Manifest } from './recipe.ts';

/** The part of a recipe that turns scores into a verdict. */
export type DecisionRule = Pick<Manifest, 'labels' | 'decision'>;

/** A verdict with the label and score that decided it. */
export interface Decision {
  readonly verdict: Verdict;
  readonly label: string;
  readonly score: number;
}

/**
 * The verdict for `scores` (one per label, in order, each 0 to 1): the defect furthest above its reject threshold
 * rejects; else the one furthest above its review threshold, or too little in the ok labels, asks for a review; else it
 * passes. Undefined when the scores are not usable (wrong count, not finite, outside 0 to 1).
 */
export function decide(rule: DecisionRule, scores: readonly number[]): Decision | undefined {
  if (scores.length !== rule.labels.length || !scores.every(isScore)) return undefined;
  const reject = furthestAbove(rule, scores, 'reject');
  if (reject !== undefined) return { verdict: 'reject', ...reject };
  const review = furthestAbove(rule, scores, 'review');
  if (review !== undefined) return { verdict: 'review', ...review };
  const best = bestOk(rule, scores);
  return { verdict: best.sum < rule.decision.minimumOk ? 'review' : 'pass', label: best.label, score: best.score };
}

function isScore(score: number): boolean {
  return score >= -1e-6 && score <= 1 + 1e-6;
}

function furthestAbove(
  rule: DecisionRule,
  scores: readonly number[],
  level: 'review' | 'reject',
): { label: string; score: number } | undefined {
  let found: { label: string; score: number } | undefined;
  let margin = Number.NEGATIVE_INFINITY;
  for (const [index, { name, kind }] of rule.labels.entries()) {
    const threshold = rule.decision.thresholds[name];
    const score = scores[index] ?? 0;
    if (kind !== 'defect' || threshold === undefined) continue;
    const above = score - threshold[level];
    if (above < 0 || above <= margin) continue;
    margin = above;
    found = { label: name, score };
  }
  return found;
}

function bestOk(rule: DecisionRule, scores: readonly number[]): { label: string; score: number; sum: number } {
  let best = { label: '', score: -1, sum: 0 };
  for (const [index, { name, kind }] of rule.labels.entries()) {
    if (kind !== 'ok') continue;
    const score = scores[index] ?? 0;
    best = { ...(score > best.score ? { label: name, score } : best), sum: best.sum + score };
  }
  return best;
}
