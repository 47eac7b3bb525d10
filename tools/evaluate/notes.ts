import type { LabelCounts } from './evaluation.ts';

/** Below so many groups an interval of resampled groups is known to be somewhat too narrow. */
const FEW_GROUPS = 10;

interface Noted {
  readonly labels: Readonly<Record<string, LabelCounts>>;
  readonly grouped: boolean;
  readonly broken: number;
  readonly listed: number;
}

/** What limits the figures, a plain sentence each. */
export function notesOn({ labels, grouped, broken, listed }: Noted): string[] {
  const notes: string[] = [];
  if (broken > 0) notes.push(`${broken} of ${listed} pictures could not be read and are left out.`);
  const entries = Object.entries(labels);
  const missing = entries.filter(([, { pictures }]) => pictures === 0).map(([name]) => name);
  if (missing.length > 0) notes.push(`There are no pictures of ${missing.join(', ')}: nothing is said of it here.`);
  for (const kind of ['ok', 'defect'] as const) {
    if (entries.some(([, label]) => label.kind === kind && label.pictures > 0)) continue;
    const parts = kind === 'ok' ? 'good' : 'defective';
    notes.push(`There are no pictures of ${parts} parts: curves, thresholds and one of the two errors are unknown.`);
  }
  if (!grouped) {
    notes.push(
      'No groups are given, so each picture counts as independent; if several show one part or tray, the intervals are too narrow. Give a CSV with a group column.',
    );
    return notes;
  }
  const few = entries.filter(([, { groups }]) => groups > 0 && groups < FEW_GROUPS);
  if (few.length > 0) {
    const listing = few.map(([name, { groups }]) => `${name}: ${groups}`).join(', ');
    notes.push(
      `Some labels come from few groups (${listing}): with fewer than ${FEW_GROUPS} the intervals tend to be somewhat too narrow, with 1 they say nothing of how groups differ.`,
    );
  }
  return notes;
}
