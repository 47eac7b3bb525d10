import type { Cleanup } from '../support/cleanup.ts';

/** One thing that must hold, with what was measured. */
export interface Check {
  readonly id: string;
  readonly value: number | string;
  /** What the value must be; `ok` says whether it is. */
  readonly limit: number | string;
  readonly ok: boolean;
  /** False when the machine lacks what it takes; then it counts as failed. */
  readonly ran: boolean;
}

/** What a scenario is run with. */
export interface Round extends Cleanup {
  /** Few kills and few parts, for every change; otherwise a night's. */
  readonly short: boolean;
  readonly seed: number;
  /** A folder of the scenario's own. */
  readonly folder: string;
  /** Progress, for a person. */
  readonly say: (line: string) => void;
}

/** A fault, done to a station with its broker and receiver, and what must hold afterwards. */
export interface Scenario {
  readonly name: string;
  readonly timeoutMs: (short: boolean) => number;
  readonly run: (round: Round) => Promise<readonly Check[]>;
}

export function equals(id: string, value: number | string, limit: number | string): Check {
  return { id, value, limit, ok: value === limit, ran: true };
}

export function atMost(id: string, value: number, limit: number): Check {
  return { id, value, limit: `<= ${limit}`, ok: value <= limit, ran: true };
}

export function atLeast(id: string, value: number, limit: number): Check {
  return { id, value, limit: `>= ${limit}`, ok: value >= limit, ran: true };
}

export function notRun(id: string, why: string): Check {
  return { id, value: why, limit: 'must run', ok: false, ran: false };
}
