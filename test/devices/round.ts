import type { Packages } from './package/built.ts';

/** What a group of checks is run with. */
export interface DeviceRound {
  readonly packages: Packages;
  /** Of the group's own, removed afterwards. */
  readonly folder: string;
  /** Progress, for a person. */
  readonly say: (line: string) => void;
}
