import type { ReplayReport } from './report.ts';
import type { Change } from './tally.ts';

const verdicts = ['pass', 'review', 'reject'] as const;
const mostListed = 40;

/** A replay's report for a person. */
export function replayText(report: ReplayReport): string {
  const { recipe, changedThresholds, parts, withPicture, replayed, compared, changed, ejected, warnings } = report;
  const which = `${recipe}${changedThresholds ? ' with other thresholds' : ''}`;
  const lines = [
    `${which}: ${changed} of ${compared} verdicts change.`,
    '',
    `  ${parts} parts, ${withPicture} with a picture, ${replayed} replayed; judged on the line by ${judges(report)}`,
    `  ejected by verdict (reject or review) on the line ${ejected.before}, by ${which} ${ejected.after}`,
    '',
    ...tableLines(report),
    ...changeLines(report),
    ...report.unreadablePictures
      .slice(0, mostListed)
      .map(({ picture, reason }) => `  unreadable: ${picture} (${reason})`),
    ...warnings.map((warning) => `  Note: ${warning}`),
    ...sheetLines(report),
  ];
  return `${lines.join('\n')}\n`;
}

function judges({ judgedBy }: ReplayReport): string {
  const list = Object.entries(judgedBy).map(([recipe, parts]) => `${recipe} (${parts})`);
  return list.join(', ') || 'nobody';
}

function tableLines({ table }: ReplayReport): string[] {
  const head = `  ${'on the line'.padEnd(14)}${verdicts.map((verdict) => `-> ${verdict}`.padStart(12)).join('')}`;
  const rows = [...verdicts, 'no-verdict'].flatMap((from) => {
    const row = table[from];
    if (row === undefined) return [];
    return [`  ${from.padEnd(14)}${verdicts.map((to) => String(row[to]).padStart(12)).join('')}`];
  });
  return rows.length === 0 ? [] : [head, ...rows, ''];
}

function changeLines({ changes, changed }: ReplayReport): string[] {
  const lines = changes.slice(0, mostListed).map(changeLine);
  const more = changed - lines.length;
  if (more > 0) lines.push(`  and ${more} more; --json names up to 10,000`);
  return lines.length === 0 ? [] : [...lines, ''];
}

function changeLine({ part, from, to, was, now }: Change): string {
  const before = `${was.label ?? ''} ${was.score?.toFixed(2) ?? ''}`.trim();
  return `  part ${String(part).padEnd(8)} ${from.padEnd(6)} -> ${to.padEnd(6)}  ${before} -> ${now.label} ${now.score.toFixed(2)}`;
}

function sheetLines({ sheet }: ReplayReport): string[] {
  if (sheet === null) return [];
  const rest = sheet.leftOut === 0 ? '' : ` (${sheet.leftOut} more are not on it)`;
  return [`  The contact sheet of ${sheet.shown} parts is in ${sheet.file}${rest}.`];
}
