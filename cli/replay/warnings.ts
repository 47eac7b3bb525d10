import type { Found } from './tally.ts';

/** What limits the figures of a replay, in plain sentences. */
export function warningsOn(found: Found): string[] {
  const { parts, withPicture, replayed, missing, unreadable, withoutPicture, table, compared } = found;
  const passes = withoutPicture['pass'] ?? 0;
  const others = Object.values(withoutPicture).reduce((sum, count) => sum + count, 0) - passes;
  const passesSeen = sumOf(table['pass']);
  const warnings: (string | false)[] = [
    parts === 0 && 'No part falls in that time.',
    passes > 0 &&
      passesSeen === 0 &&
      `Only pictures of parts that did not pass were kept: what would change among ${passes} passes is not known (pictures.keep: all keeps them).`,
    passes > 0 && passesSeen > 0 && `Of ${passes} parts that passed no picture was kept: they are not in the figures.`,
    others > 0 && `Of ${others} parts that did not pass no picture was kept: they are not in the figures.`,
    missing > 0 &&
      `${missing} of ${withPicture} pictures are not in the folder any more: the store is of bounded size.`,
    unreadable > 0 && `${unreadable} of ${withPicture} pictures cannot be read.`,
    replayed > compared &&
      `${replayed - compared} replayed parts had no verdict on the line: they do not count as changed.`,
  ];
  return warnings.filter((warning) => warning !== false);
}

function sumOf(row: Readonly<Record<string, number>> = {}): number {
  return Object.values(row).reduce((sum, count) => sum + count, 0);
}
