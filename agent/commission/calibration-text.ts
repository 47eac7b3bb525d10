import type { Calibration, ReviewGate } from '../config/calibration.ts';
import type { Results } from './measure.ts';
import type { Proposal, Reason } from './proposal.ts';
import { resultWords } from './result-words.ts';

export interface Signature {
  readonly station: string;
  readonly software: string;
  /** Who was at the terminal. */
  readonly who: string;
  readonly wallMs: number;
}

/** calibration.yaml, with who measured what and when as comments. */
export function calibrationText(proposal: Proposal, results: Results, signature: Signature): string {
  const { calibration, reasons } = proposal;
  const { station, software, who, wallMs } = signature;
  const when = new Date(wallMs).toISOString();
  const { inputs: _seen, ...measured } = results;
  const said = [
    `What was measured at station ${station}. Never part of a recipe, never set from afar.`,
    `Written by "linegate commission" ${software}, ${when}, by ${who}.`,
    ...resultWords(measured, calibration.base, 0),
  ];
  const rows = fieldsOf(calibration).map(([key, value, name]) => `${key}: ${value}${commentOf(reasons, name)}`);
  return `${[...said.map((line) => `# ${line}`), ...rows].join('\n')}\n`;
}

type Row = readonly [string, string | number, Reason['name']?];

function fieldsOf(c: Calibration): Row[] {
  const time = c.base === 'time';
  const unit = time ? 'Ms' : 'Counts';
  const figure = (value: number): number => (time ? Math.round(value / 1e3) / 1e3 : value);
  const { confirmation, reviewGate } = c;
  return [
    ['schemaVersion', 2],
    ['base', c.base],
    ...(c.encoder === undefined ? [] : [['encoder', c.encoder, 'encoder'] as const]),
    [`delay${unit}`, figure(c.delay), 'delay'],
    [`width${unit}`, figure(c.width), 'width'],
    [`recovery${unit}`, figure(c.recovery), 'recovery'],
    [`lead${unit}`, figure(c.lead), 'lead'],
    [`triggerDead${unit}`, figure(c.triggerDead), 'triggerDead'],
    ['failSafe', c.failSafe],
    ['tooClose', c.tooClose],
    ...(confirmation === undefined
      ? []
      : [
          [
            'confirmation',
            `{ from${unit}: ${figure(confirmation.from)}, to${unit}: ${figure(confirmation.to)} }`,
            'confirmation',
          ] as const,
        ]),
    ...(reviewGate === undefined
      ? []
      : [['reviewGate', `{ ${reviewFields(reviewGate, unit, figure)} }`, 'reviewGate'] as const]),
  ];
}

function reviewFields({ delay, width, recovery }: ReviewGate, unit: string, figure: (value: number) => number): string {
  const given = Object.entries({ delay, width, recovery }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}${unit}: ${figure(value)}`],
  );
  return given.join(', ');
}

function commentOf(reasons: readonly Reason[], name: Reason['name'] | undefined): string {
  const reason = reasons.find((each) => each.name === name);
  return reason === undefined ? '' : ` # ${reason.from}: ${reason.why}`;
}
