import { Document, isMap, isNode, type Node, type Pair } from 'yaml';
import { calibrationTexts } from '../config/schema/other-texts.ts';
import { textFor } from '../config/schema/texts.ts';
import type { Choices, Delay } from './choices.ts';

const schemaPath = '/usr/share/linegate/schema/calibration.json';

/**
 * A first calibration from the way to the gate alone, so that the gatekeeper can start and "linegate commission" can measure the rest:
 * the gate stays active for a short while, shorter where the way is short. null when the way is not known.
 */
export function firstCalibration({ name, lines, delay }: Pick<Choices, 'name' | 'lines' | 'delay'>): string | null {
  if (delay === null) return null;
  const document = new Document(fieldsOf(delay, lines));
  const said = [
    `The first calibration of station ${name}, from the way to the gate alone, written by "linegate init".`,
    'Width, recovery and lead are what most gates do with; "linegate commission" measures them at the line.',
  ];
  document.commentBefore = said.map((line) => ` ${line}`).join('\n');
  if (isMap(document.contents)) {
    for (const { key, value } of document.contents.items as unknown as Pair<Node, Node>[]) {
      if (isMap(value)) value.flow = true;
      const text = textFor(calibrationTexts, [String(key)])?.text;
      if (isNode(value) && text !== undefined) value.comment = ` ${text}`;
    }
  }
  return `# yaml-language-server: $schema=${schemaPath}\n${document.toString({ lineWidth: 0 })}`;
}

/** No more than 256 parts fit between photo-eye and gate: then edges that are closer must be one part. */
function shortestDead({ unit, value }: Delay): number {
  return unit === 'Counts' ? Math.ceil(value / 200) : Math.ceil(value / 20) / 10;
}

function fieldsOf(delay: Delay, lines: Choices['lines']): Record<string, unknown> {
  const { unit, value } = delay;
  const share = (part: number, mostMs: number): number =>
    unit === 'Counts' ? Math.max(1, Math.floor(value / part)) : Math.min(mostMs, Math.floor((value * 10) / part) / 10);
  const counted = lines.encoderB === undefined ? 'single' : 'quadrature';
  const confirmed = { [`from${unit}`]: 0, [`to${unit}`]: share(4, 100) };
  return {
    schemaVersion: 2,
    base: unit === 'Counts' ? 'encoder' : 'time',
    ...(unit === 'Counts' ? { encoder: counted } : {}),
    [`delay${unit}`]: value,
    [`width${unit}`]: share(10, 20),
    [`recovery${unit}`]: share(10, 20),
    [`lead${unit}`]: share(20, 10),
    [`triggerDead${unit}`]: Math.max(share(100, 10), shortestDead(delay)),
    failSafe: 'eject',
    tooClose: 'eject-neighbour',
    ...(lines.confirm === undefined ? {} : { confirmation: confirmed }),
    ...(lines.reviewGate === undefined ? {} : { reviewGate: { [`delay${unit}`]: value } }),
  };
}
