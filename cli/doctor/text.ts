import type { Finding, FindingState, Group } from '../../agent/doctor/finding.ts';

const titles: Readonly<Record<Group, string>> = {
  computer: 'Computer',
  lines: 'Lines',
  gatekeeper: 'Gatekeeper and services',
  camera: 'Camera',
  disk: 'Disk and ledger',
  model: 'Model',
  network: 'Network',
};

const marks: Readonly<Record<FindingState, string>> = { ok: 'ok', warn: 'WARN', fail: 'FAIL', 'not-run': '-' };

/** A finding as a person reads it, under the title of its group where it is the first of it. */
export function lineOf({ id, group, state, sentence, whatToDo }: Finding, first: boolean): string {
  const title = first ? `${titles[group]}\n` : '';
  const advice = whatToDo === null ? '' : `${' '.repeat(26)}${whatToDo}\n`;
  return `${title}  ${marks[state].padEnd(5)} ${id.padEnd(17)} ${sentence}\n${advice}`;
}

/** What comes last. */
export function summaryOf(findings: readonly Finding[]): string {
  const ids = (state: FindingState): string[] => findings.flatMap((each) => (each.state === state ? [each.id] : []));
  const failed = ids('fail');
  const warned = ids('warn');
  const left = ids('not-run').length;
  const rest = `${findings.length - failed.length - warned.length - left} in order, ${left} not looked at`;
  if (failed.length > 0)
    return `\n${failed.length} to mend first (${failed.join(', ')}), ${warned.length} to look at, ${rest}.\n`;
  if (warned.length > 0) return `\n${warned.length} to look at (${warned.join(', ')}), ${rest}.\n`;
  return `\nNothing to mend: ${rest}.\n`;
}
