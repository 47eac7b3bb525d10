import { isPiHeader } from '../../doctor/chips.ts';
import { type Findings, textAt, valueAt } from './findings.ts';

/** A Raspberry Pi pulls the pins from 0 to this one up until something configures them. */
export const lastPulledUpPin = 8;

interface UsedLine {
  readonly path: readonly string[];
  readonly output: boolean;
  readonly chip: string;
  readonly line: string;
}

/** Lines that two things use, and outputs that are on while the computer boots. */
export function checkPins(document: unknown, findings: Findings): void {
  const used = [...namedLines(document), ...numberedLines(document)];
  const taken = new Map<string, string>();
  for (const { path, output, chip, line } of used) {
    const field = path.join('.');
    const where = `${chip} ${line}`;
    const other = taken.get(where);
    if (other !== undefined) {
      const sentence = `${field} is ${line}, which ${other} uses too; every input and output needs a line of its own.`;
      findings.fault(path, sentence);
      continue;
    }
    taken.set(where, field);
    if (output && isPulledUp(chip, line)) {
      const sentence = `${field} is ${line}, which a Raspberry Pi pulls up while it boots, so this output would be on; give an output another line than GPIO0 to GPIO${lastPulledUpPin}, such as GPIO17, GPIO22 or GPIO27.`;
      findings.fault(path, sentence);
    }
  }
}

/** Whether a Raspberry Pi has the line on before anything configures it. */
export function isPulledUp(chip: string, line: string): boolean {
  const [, number] = /^GPIO(\d+)$/.exec(line) ?? [];
  const isPulledNumber = number !== undefined && Number(number) <= lastPulledUpPin;
  return isPiHeader(chip) && (isPulledNumber || /^ID_SD|^ID_SC/.test(line));
}

function namedLines(document: unknown): UsedLine[] {
  return ['inputs', 'outputs'].flatMap((group) => {
    const lines = valueAt(document, 'line', group);
    if (typeof lines !== 'object' || lines === null) return [];
    return Object.keys(lines).flatMap((role) => {
      const chip = textAt(lines, role, 'chip');
      const line = textAt(lines, role, 'line');
      if (chip === undefined || line === undefined) return [];
      return [{ path: ['line', group, role, 'line'], output: group === 'outputs', chip, line }];
    });
  });
}

function numberedLines(document: unknown): UsedLine[] {
  return ['trigger', 'gate'].flatMap((role) => {
    const gpio = valueAt(document, 'line', role, 'gpio');
    if (typeof gpio !== 'number') return [];
    return [{ path: ['line', role, 'gpio'], output: role === 'gate', chip: 'sysfs', line: `gpio ${gpio}` }];
  });
}
