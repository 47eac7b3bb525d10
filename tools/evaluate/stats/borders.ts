import type { Step } from './ranking.ts';

/** The most of one error that a user accepts, as a share (below 1) of the good or of the defective parts. */
export interface Budget {
  readonly error: 'false-rejects' | 'escapes';
  readonly share: number;
}

/**
 * The defect score from which parts are stopped so that a budget is just kept: the lowest that keeps the false rejects, or
 * the highest that keeps the escapes. It lies midway between two scores that occurred. NaN when only stopping nothing
 * at all would do, or without parts of that kind.
 */
export function borderFor(budget: Budget, steps: readonly Step[]): number {
  const all = steps.at(-1);
  if (all === undefined || all.negatives === 0 || all.positives === 0) return Number.NaN;
  // Sums of weights are not exact; a hair more than the budget is within it.
  const slack = 1e-9;
  const keeps =
    budget.error === 'false-rejects'
      ? steps.findLastIndex(({ negatives }) => negatives <= (budget.share + slack) * all.negatives)
      : steps.findIndex(({ positives }) => all.positives - positives <= (budget.share + slack) * all.positives);
  if (keeps < 0) return aboveAll(steps[0]?.score ?? 1);
  const [here, below] = [steps[keeps]?.score ?? 0, steps[keeps + 1]?.score ?? 0];
  return keeps === steps.length - 1 && budget.error === 'false-rejects' ? 0 : (here + below) / 2;
}

function aboveAll(highest: number): number {
  return highest < 1 ? (highest + 1) / 2 : Number.NaN;
}
