import type { Check } from '../faults/check.ts';

/** What a suite is run with. */
export interface FirmwareRun {
  /** A folder of the run's own, for builds. */
  readonly folder: string;
  /** Few kills and few parts, for every change; otherwise a night's. */
  readonly short: boolean;
  readonly seed: number;
  /** Progress, for a person. */
  readonly say: (line: string) => void;
}

/** A group of checks whose ids all begin with `firmware.` and the suite's name. */
export interface FirmwareSuite {
  readonly name: string;
  readonly run: (run: FirmwareRun) => Promise<readonly Check[]>;
}
