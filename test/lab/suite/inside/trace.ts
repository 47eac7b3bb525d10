import { readFileSync, writeFileSync } from 'node:fs';
import { type Change, type Pin, pins } from '../../gatekeeper/pins.ts';

const tracing = '/sys/kernel/tracing';
const ours = 'linegate';
const edgeEvent = `${tracing}/events/irq/irq_handler_entry`;

/** What the kernel itself noted, in the order of time. */
export interface Witnessed {
  /** The same, each with the number of its interrupt; also of lines that others have through sysfs. */
  readonly interrupts: readonly { readonly number: number; readonly atNs: number }[];
  /** Edges of the gatekeeper's input, both directions, when the kernel took the interrupt. */
  readonly edgesNs: readonly number[];
  /** Changes of outputs. */
  readonly changes: readonly Change[];
  /** What the kernel had no room for; then nothing here can be counted on. */
  readonly forgotten: number;
}

/** From now on the kernel notes each output that is set and each edge that interrupts it; by the clock of process.hrtime. */
export function watchLines(megabytes = 8): void {
  writeFileSync(`${tracing}/trace_clock`, 'mono');
  writeFileSync(`${tracing}/buffer_size_kb`, String(megabytes * 1024));
  writeFileSync(`${tracing}/trace`, '');
  writeFileSync(`${tracing}/events/gpio/gpio_value/enable`, '1');
  writeFileSync(`${edgeEvent}/filter`, `name ~ "${ours}*" || name == "gpiolib"`);
  writeFileSync(`${edgeEvent}/enable`, '1');
}

export function witnessed(): Witnessed {
  const text = readFileSync(`${tracing}/trace`, 'utf8');
  const [, kept = '0', written = '0'] = /entries-in-buffer\/entries-written: (\d+)\/(\d+)/.exec(text) ?? [];
  const edges = [...text.matchAll(/(\d+)\.(\d{6}): irq_handler_entry: irq=(\d+) name=(\S+)/g)];
  const interrupts = edges.map(([, seconds, micros, number, name]) => ({
    number: Number(number),
    name,
    atNs: nsOf(seconds, micros),
  }));
  const sets = text.matchAll(/(\d+)\.(\d{6}): gpio_value: (\d+) set ([01])/g);
  return {
    interrupts,
    edgesNs: interrupts.filter(({ name }) => name?.startsWith(ours)).map(({ atNs }) => atNs),
    changes: [...sets].map(([, seconds, micros, number, level]) => ({
      // Chips are numbered from 512; ours is the only one.
      pin: Number(number) - 512,
      active: level === '1',
      atNs: nsOf(seconds, micros),
    })),
    forgotten: Number(written) - Number(kept),
  };
}

/** The numbers of the interrupts of the chip's lines that somebody watches, by the line's number. */
export function interruptNumbers(): ReadonlyMap<number, number> {
  const rows = readFileSync('/proc/interrupts', 'utf8').matchAll(/^ *(\d+):.* irq_sim +(\d+) /gm);
  return new Map([...rows].map(([, number, line]) => [Number(line), Number(number)]));
}

function nsOf(seconds: string | undefined, micros: string | undefined): number {
  return Number(seconds) * 1e9 + Number(micros) * 1e3;
}

/** The times at which an output became active or inactive. */
export function changesOf(seen: Witnessed, pin: Pin, active: boolean): number[] {
  return pinChanges(seen, pins[pin], active);
}

/** The same of an output by its number. */
export function pinChanges({ changes }: Witnessed, pin: number, active: boolean): number[] {
  return changes.filter((change) => change.pin === pin && change.active === active).map(({ atNs }) => atNs);
}
