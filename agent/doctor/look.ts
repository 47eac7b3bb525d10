import { type Chips, parseChips } from './chips.ts';
import type { Group, Outcome } from './finding.ts';
import type { Host } from './host.ts';
import type { Probes, StationLook } from './probes.ts';
import type { Wants } from './wants.ts';

/** What a look is made with. */
export interface Tools {
  readonly host: Host;
  readonly probes: Probes;
  /** null when no station file is named. */
  readonly wants: Wants | null;
  readonly cameraSeconds: number;
  /** The program that lists GPIO chips and lines. */
  readonly gpioProgram: string;
  /** Wall time, ms. */
  readonly nowMs: number;
  readonly timeZone: string;
}

/** One look at a computer: the tools, and what several checks ask for, asked once. */
export interface Look extends Tools {
  chips(): Promise<Chips>;
  running(): Promise<StationLook>;
}

/** One thing that is looked at. */
export interface Check {
  readonly id: string;
  readonly group: Group;
  /** What it looks at, in a few words, for a sentence. */
  readonly about: string;
  run(look: Look): Promise<Outcome>;
}

export function makeLook(tools: Tools): Look {
  const { host, probes, wants, gpioProgram } = tools;
  return {
    ...tools,
    chips: once(async () => parseChips(await host.run(gpioProgram, []))),
    running: once(async () => (wants === null ? { kind: 'none' } : probes.station(wants.stateFolder))),
  };
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask();
    return answer;
  };
}
