import type { BudgetChoice } from './evaluation.ts';
import { errorKeys, type Measured, type MeasuredBorder } from './measure.ts';
import { trialsFor, upperBound } from './stats/binomial.ts';
import type { Share } from './stats/figures.ts';
import { budgetPercent, percent } from './words.ts';

/** For each budget the border that keeps it, what that costs, and whether there are pictures enough to say so. */
export function choicesFor({ borders }: Measured): BudgetChoice[] {
  return borders.map(choiceFor);
}

function choiceFor(measured: MeasuredBorder): BudgetChoice {
  const { budget, border, borderInterval, figures, intervals } = measured;
  const [share] = figures[errorKeys[budget.error]].shares ?? [];
  if (!Number.isFinite(border) || share === undefined) {
    const rates = { falseRejects: null, falseRejectsInterval: null, escapes: null, escapesInterval: null };
    const none = { threshold: null, thresholdInterval: null, upperBound: null, supported: false };
    return { budget, ...none, ...rates, words: noBorder(measured) };
  }
  const bound = Math.max(upperBound(share.hits, share.total), measured.errorUpper ?? 0);
  return {
    budget,
    threshold: border,
    thresholdInterval: borderInterval ?? null,
    falseRejects: figures.falseRejects.value,
    falseRejectsInterval: intervals.falseRejects ?? null,
    escapes: figures.escapes.value,
    escapesInterval: intervals.escapes ?? null,
    upperBound: bound,
    supported: bound <= budget.share,
    words: words(measured, share, bound),
  };
}

function noBorder({ budget }: MeasuredBorder): string {
  return `No threshold keeps at most ${budgetPercent(budget.share)} ${namesOf(budget.error).error} on these pictures.`;
}

function words({ budget, border, figures }: MeasuredBorder, { hits, total }: Share, bound: number): string {
  const { error, parts, otherError } = namesOf(budget.error);
  const other = budget.error === 'escapes' ? figures.falseRejects.value : figures.escapes.value;
  const kept = `Stopping parts from a defect score of ${border.toFixed(3)} on gives ${hits} ${error} in ${total} ${parts} and costs ${percent(other)} ${otherError}.`;
  const needed = trialsFor(budget.share);
  if (total < needed) {
    const least = percent(Math.min(1, 3 / total));
    return `${kept} ${total} ${parts} are too few for this budget: even none wrong would support no less than ${least} (3 in ${total}); ${needed} would be needed with none wrong.`;
  }
  const verdict = bound <= budget.share ? 'which is within the budget' : 'which is above the budget';
  return `${kept} On other parts of this kind it may be up to ${percent(bound)} (95 % confidence), ${verdict}.`;
}

function namesOf(error: 'escapes' | 'false-rejects') {
  return error === 'escapes'
    ? { error: 'escapes', parts: 'defective parts', otherError: 'false rejects' }
    : { error: 'false rejects', parts: 'good parts', otherError: 'escapes' };
}
