import type { Evaluation } from './evaluation.ts';
import type { Interval } from './stats/binomial.ts';
import { budgetPercent, decimal, percent, range } from './words.ts';

/** What an evaluation found, for a terminal. */
export function evaluationText(evaluation: Evaluation): string {
  const { recipe, pictures, groups, wrong, broken, latencyMs, thresholds, notes } = evaluation;
  const lines = [
    `${recipe} on ${pictures} pictures in ${groups} groups`,
    '',
    ...figureLines(evaluation),
    '',
    ...confusionLines(evaluation),
    '',
    `latency      ${latencyMs.p50} ms (99 %: ${latencyMs.p99} ms) from frame to scores, one thread of this machine`,
    `calibration  expected error ${percent(evaluation.calibration.defect.expectedCalibrationError)}`,
    '',
    ...thresholds.map(
      ({ budget, words }) => `At most ${budgetPercent(budget.share)} ${budget.error.replace('-', ' ')}: ${words}`,
    ),
    ...(notes.length > 0 ? ['', ...notes.map((note) => `Note: ${note}`)] : []),
    ...broken.slice(0, 5).map(({ file, reason }) => `  ${file}: ${reason}`),
    '',
    `${wrong.length} pictures got a wrong label${wrong.length > 0 ? ', the worst:' : '.'}`,
    ...wrong
      .slice(0, 5)
      .map((one) => `  ${one.file}: ${one.label} called ${one.predicted} (${one.score.toFixed(2)}), ${one.verdict}`),
  ];
  return `${lines.join('\n')}\n`;
}

function figureLines({ intervals, ...figures }: Evaluation): string[] {
  const line = (name: string, value: number | null, interval: Interval | null, write = percent) => {
    const within = interval === null ? '' : `  (95 %: ${range(interval, write)})`;
    return `${name.padEnd(28)} ${write(value).padStart(8)}${within}`;
  };
  const { verdicts, okDefect } = figures;
  const several = Object.keys(figures.classes).length > 2;
  return [
    line('accuracy', figures.accuracy, intervals.accuracy),
    line('balanced accuracy', figures.balancedAccuracy, intervals.balancedAccuracy),
    ...(several ? [line('  as ok or defect', okDefect.balancedAccuracy, intervals.okDefect.balancedAccuracy)] : []),
    line('area under ROC curve', figures.auc, intervals.auc, decimal),
    line('escapes', verdicts.escapes, intervals.verdicts.escapes),
    line('false rejects', verdicts.falseRejects, intervals.verdicts.falseRejects),
    line('reviews', verdicts.reviews, intervals.verdicts.reviews),
  ];
}

function confusionLines({ confusion, classes }: Evaluation): string[] {
  const names = Object.keys(confusion).map((label, at) => `${label} [${at + 1}]`);
  const width = Math.max(...names.map((name) => name.length));
  const row = (name: string, cells: readonly (string | number)[]) =>
    `${name.padEnd(width)} ${cells.map((cell) => String(cell).padStart(7)).join('')}`;
  return [
    row('named as', [...names.map((_, at) => `[${at + 1}]`), 'recall', 'prec.', 'F1']),
    ...Object.entries(confusion).map(([label, counts], at) => {
      const { recall, precision, f1 } = classes[label] ?? { recall: null, precision: null, f1: null };
      const shares = [recall, precision, f1].map((share) => (share === null ? '–' : share.toFixed(3)));
      return row(names[at] ?? label, [...Object.values(counts), ...shares]);
    }),
  ];
}
