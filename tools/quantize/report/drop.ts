import path from 'node:path';
import { LinegateError } from '../../../agent/core/errors.ts';
import type { Report } from './report.ts';

/**
 * Throws LinegateError 'bad-model' where INT8 names the right label less often than float by more than `most` points.
 * Without an evaluation nothing is known, so nothing is refused.
 */
export function checkDrop({ evaluation }: Pick<Report, 'evaluation'>, most: number, out: string): void {
  if (evaluation === undefined) return;
  const { value, interval } = evaluation.difference.accuracy;
  // Shares are sums of fractions: half a point must not be more than half a point.
  if (-100 * value <= most + 1e-9) return;
  const [lost, least, largest] = [value, interval[1], interval[0]].map((share) => (-100 * share).toFixed(2));
  throw new LinegateError(
    'bad-model',
    `INT8 loses ${lost} points of accuracy (95 %: ${least} to ${largest}) on ${evaluation.pictures} pictures and --max-drop is ${most}: no bundle was written; see ${path.join(out, 'report.html')}.`,
  );
}
