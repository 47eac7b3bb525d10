import type { Report } from './report.ts';

const MOST_LAYERS = 8;

/** What was tried to follow the float model more closely, and which layers cost most; lines for a person. */
export function tuningText({ tuning = [], sensitivity = [] }: Pick<Report, 'tuning' | 'sensitivity'>): string {
  const trials = tuning.map(
    ({ step, logitSqnrDb, kept }) => `  ${step}: logits ${logitSqnrDb.toFixed(1)} dB${kept ? ' (kept)' : ''}`,
  );
  const layers = sensitivity
    .slice(0, MOST_LAYERS)
    .map(({ layer, logitSqnrDb }) => `  ${layer}: logits ${logitSqnrDb.toFixed(1)} dB`);
  const more =
    sensitivity.length > MOST_LAYERS ? [`  and ${sensitivity.length - MOST_LAYERS} more in report.json`] : [];
  return [
    'what was tried, on held-out calibration pictures:',
    ...trials,
    'layers that cost most, each alone in integers (--keep-float leaves one in float):',
    ...layers,
    ...more,
  ].join('\n');
}
