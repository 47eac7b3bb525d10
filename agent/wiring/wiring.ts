import type { FaultRates } from '../adapters/simulator/faults/plan.ts';
import type { Recipe } from '../config/recipe.ts';
import type { StationConfig } from '../config/station.ts';
import type { Observe } from '../pipeline/observation.ts';
import type { Clock } from '../ports/clock.ts';

/** Something to tell a log: fields, not a sentence. */
export interface Note {
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly event: string;
  readonly [field: string]: unknown;
}

/** How a simulated station is tried. */
export interface Rehearsal {
  readonly faults: FaultRates;
  readonly seed: number;
  /** `scripted`: plain pictures and a script that tells them apart, in place of the recipe's model. */
  readonly classifier: 'model' | 'scripted';
  readonly ledger: 'sqlite' | 'memory';
}

/** How a station is run, beside its configuration. */
export interface StationOptions {
  /** Where relative paths of the configuration start; the working folder when left out. */
  readonly baseFolder?: string;
  readonly observe: Observe;
  readonly note: (note: Note) => void;
  /** Version of this Linegate, for the receiver and the status. */
  readonly software: string;
  /** Simulated lines only: time jumps, and runs repeat exactly. */
  readonly virtualTime?: boolean;
  /** Simulated lines only: what goes wrong, and with which parts of the station. */
  readonly rehearsal?: Rehearsal;
  /** Simulated lines only: a folder for the picture of every part, by its true label. */
  readonly savePictures?: string;
}

/** What everything is wired from. */
export interface Wiring {
  readonly config: StationConfig;
  readonly options: StationOptions;
  readonly clock: Clock;
  readonly recipe: Recipe;
  /** A path of the configuration, made absolute. */
  readonly at: (relative: string) => string;
}

/** Tells what a device says of its troubles. */
export function warn(options: StationOptions, event: string): (message: string) => void {
  return (message) => options.note({ level: 'warn', event, message });
}

/** Waits for `work`, but no longer than `timeoutMs`. */
export async function within(timeoutMs: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([work, timeout]);
  clearTimeout(timer);
}
