import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The lines of the lab's simulated chip, by their offset. */
export const pins = {
  gate: 17,
  trigger: 27,
  confirm: 23,
  ready: 5,
  strobe: 6,
  encoderA: 22,
  encoderB: 19,
  atGate: 26,
} as const;
export type Pin = keyof typeof pins;

function fromLab(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set; run this inside the lab.`);
  return value;
}

/** Drives an input. */
export function drive(pin: Pin, high: boolean): void {
  writeFileSync(join(fromLab('LAB_PINS'), `sim_gpio${pins[pin]}`, 'pull'), high ? 'pull-up' : 'pull-down');
}

/** The level that an output has. */
export function levelOf(pin: Pin): boolean {
  return readFileSync(join(fromLab('LAB_PINS'), `sim_gpio${pins[pin]}`, 'value'), 'utf8').trim() === '1';
}

/** Takes the chip away, or brings it back with all lines low. */
export function setChip(live: boolean): void {
  writeFileSync('/sys/kernel/config/gpio-sim/lab/live', live ? '1' : '0');
}

const tracing = '/sys/kernel/tracing';

/** From now on the kernel notes each change of a line, with the clock of process.hrtime. */
export function startTrace(): void {
  writeFileSync(`${tracing}/trace_clock`, 'mono');
  writeFileSync(`${tracing}/events/gpio/gpio_value/enable`, '1');
}

export interface Change {
  readonly pin: number;
  readonly active: boolean;
  readonly atNs: number;
}

/** What the kernel noted of outputs since the last call. */
export function takeTrace(): Change[] {
  const text = readFileSync(`${tracing}/trace`, 'utf8');
  writeFileSync(`${tracing}/trace`, '');
  const pattern = /(\d+)\.(\d{6}): gpio_value: (\d+) set ([01])/g;
  return [...text.matchAll(pattern)].map(([, seconds, micros, number, level]) => ({
    // Chips are numbered from 512; ours is the only one.
    pin: Number(number) - 512,
    active: level === '1',
    atNs: Number(seconds) * 1e9 + Number(micros) * 1e3,
  }));
}
