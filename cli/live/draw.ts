import { type ClosedPart, outcomeOf } from '../../agent/core/part-record.ts';
import type { LiveModel, LivePart } from './model.ts';

/** What a drawing needs beside the model. */
export interface Scene {
  readonly title: string;
  readonly nowNs: number;
  /** From the photo-eye to the gate. */
  readonly travelNs: number;
  readonly widthColumns: number;
  readonly latency: { readonly p50Ms: number | null; readonly p99Ms: number | null };
  readonly startedNs: number;
}

const colours = {
  pass: '\u001b[32m',
  reject: '\u001b[31m',
  review: '\u001b[33m',
  'no-verdict': '\u001b[35m',
  dim: '\u001b[2m',
};
const reset = '\u001b[0m';
const symbols = { pass: '●', reject: '■', review: '◆', 'no-verdict': '?' } as const;

function paint(colour: keyof typeof colours, text: string): string {
  return `${colours[colour]}${text}${reset}`;
}

/** The live view as lines of text: the belt with its parts, the counters and the last parts that did not pass. */
export function draw(model: LiveModel, scene: Scene): string[] {
  const columns = Math.max(40, Math.min(scene.widthColumns, 100)) - 4;
  const eyeColumn = 6;
  const gateColumn = Math.round(columns * 0.72);
  const columnOf = (part: LivePart): number =>
    Math.round(eyeColumn + ((scene.nowNs - part.triggerNs) / scene.travelNs) * (gateColumn - eyeColumn));
  model.forgetBefore(scene.nowNs - (scene.travelNs * (columns - eyeColumn)) / (gateColumn - eyeColumn));
  return [
    `${scene.title}`,
    '',
    `  ${marks(columns, { [eyeColumn]: '▼ camera', [gateColumn]: model.gateActive ? '▼ GATE' : '▽ gate' })}`,
    `  ${row(columns, model, (part) => (part.action === 'eject' && columnOf(part) > gateColumn ? null : columnOf(part)))}`,
    `  ${paint('dim', '═'.repeat(columns))}`,
    `  ${row(columns, model, (part) => (part.action === 'eject' && columnOf(part) > gateColumn ? columnOf(part) : null))}`,
    '',
    counters(model, scene),
    timing(model, scene),
    '',
    paint('dim', '  last parts that did not plainly pass'),
    ...rejects(model),
    '',
    paint(
      'dim',
      `  ${symbols.pass} pass  ${symbols.reject} reject  ${symbols.review} review  ${symbols['no-verdict']} no verdict  · being inspected      Ctrl-C stops`,
    ),
  ];
}

function marks(columns: number, at: Readonly<Record<number, string>>): string {
  let text = '';
  for (const [column, mark] of Object.entries(at)) text = text.padEnd(Number(column)) + mark;
  return text.slice(0, columns);
}

function row(columns: number, model: LiveModel, columnOf: (part: LivePart) => number | null): string {
  const cells = new Array<string>(columns).fill(' ');
  for (const part of model.parts.values()) {
    const column = columnOf(part);
    if (column === null || column < 0 || column >= columns) continue;
    cells[column] = part.verdict === null ? '·' : paint(part.verdict, symbols[part.verdict]);
  }
  return cells.join('');
}

function counters(model: LiveModel, _scene: Scene): string {
  const { pass, reject, review } = model.outcomes;
  const none = model.outcomes['no-verdict'];
  const counts = [
    paint('pass', `${symbols.pass} pass ${pass}`),
    paint('reject', `${symbols.reject} reject ${reject}`),
    paint('review', `${symbols.review} review ${review}`),
    paint('no-verdict', `${symbols['no-verdict']} no verdict ${none}`),
  ];
  return `  parts ${String(model.triggers).padEnd(7)} ${counts.join('   ')}`;
}

function timing(model: LiveModel, { latency, nowNs, startedNs }: Scene): string {
  const perSecond = model.triggers / Math.max(1, (nowNs - startedNs) / 1e9);
  const ms = (value: number | null): string => (value === null ? '–' : `${value.toFixed(1)} ms`);
  return `  ${perSecond.toFixed(1)} parts/s   trigger to verdict p50 ${ms(latency.p50Ms)}, p99 ${ms(latency.p99Ms)}   records ${model.recorded} in the ledger (row ${model.lastSeq})`;
}

function rejects(model: LiveModel): string[] {
  const lines = model.lastRejects.map(describe);
  while (lines.length < 6) lines.push('');
  return lines;
}

function describe(record: ClosedPart): string {
  const outcome = outcomeOf(record);
  const { judgement } = record;
  const why =
    judgement.kind === 'verdict'
      ? `${judgement.label.padEnd(20)} score ${judgement.score.toFixed(2)}`
      : `${(judgement.kind === 'recovered' ? 'recovered' : judgement.reason).padEnd(20)}           `;
  const gate = record.action === 'eject' ? `ejected, ${record.confirmation}` : record.action;
  return `  #${String(record.part).padEnd(7)} ${paint(outcome, outcome.padEnd(10))} ${why}  ${gate}`;
}
