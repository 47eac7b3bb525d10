import type { Judgement } from '../agent/adapters/simulator/judge.ts';

/** What a simulation ends with. */
export interface Summary extends Partial<Judgement> {
  readonly recipe: string;
  readonly latencyMs: { readonly p50: number | null; readonly p99: number | null };
}

/** The summary for a person. */
export function summaryText(summary: Summary): string {
  const { outcomes, latencyMs } = summary;
  const rows: readonly (readonly [string, unknown, string])[] = [
    ['parts', summary.parts, 'passed the gate'],
    ['triggers', summary.triggers, 'seen by the photo-eye'],
    ['records', summary.records, 'closed and in the ledger'],
    ['unaccounted', summary.unaccounted, 'triggers without exactly one record'],
    ['wrong-part ejections', summary.wrongPartEjections, 'ejected though their record says pass'],
    ['missed ejections', summary.missedEjections, 'went on though their record says eject'],
    ['no verdicts', summary.noVerdicts, `left to the fail-safe: ${summary.failSafeActions}`],
    ['late verdicts', summary.lateVerdicts, 'moved nothing'],
    ['escapes', summary.escapes, 'defective parts that went on'],
    ['false rejects', summary.falseRejects, 'good parts that were ejected'],
  ];
  const lines = rows.map(([name, value, what]) => `  ${name.padEnd(22)}${String(value ?? '–').padStart(8)}   ${what}`);
  const counted = outcomes === undefined ? [] : Object.entries(outcomes).map(([name, count]) => `${name} ${count}`);
  return [
    '',
    `  ${summary.recipe}: ${counted.join(', ')}`,
    `  trigger to verdict p50 ${latencyMs.p50 ?? '–'} ms, p99 ${latencyMs.p99 ?? '–'} ms`,
    '',
    ...lines,
    '',
    '',
  ].join('\n');
}
