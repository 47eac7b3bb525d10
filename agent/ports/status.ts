import type { Alarm } from '../core/alarms/alarm.ts';

type Counts = Readonly<Record<string, number>>;

/** Whether something works, and if not, why. */
export interface PartStatus {
  readonly state: 'ok' | 'failing';
  readonly detail: string | null;
}

/** Where the way to the receiver stands. */
export interface UplinkStatus {
  readonly state: 'none' | 'connected' | 'disconnected';
  readonly detail: string | null;
  /** Rows that the receiver has not acknowledged; null without an uplink. */
  readonly backlogRows: number | null;
  readonly lastAckWallMs: number | null;
}

/** What the line says of itself; null is not known. */
export interface LineStatus {
  /** `unknown`: the line has none, or is out of reach. */
  readonly ready: 'on' | 'off' | 'unknown';
  /** What stands against it, by the line's names. */
  readonly why: readonly string[];
  readonly binFull: boolean | null;
  /** The auxiliary contact, which is only shown. */
  readonly estop: boolean | null;
  /** As it was told last. `losses`: how often counts were lost. */
  readonly encoder: { readonly counts: number; readonly countsPerSecond: number; readonly losses: number } | null;
  /** How late the gates moved since the start of the station; null without a move. */
  readonly gateLateMs: {
    readonly moves: number;
    readonly p50: number | null;
    readonly p99: number | null;
    readonly max: number | null;
  };
}

/** What somebody at the line asks for when it may go on after a stop. */
export interface ResumeOrder {
  /** No part lies between photo-eye and gate. */
  readonly beltEmpty: boolean;
  /** In that person's words; null when none were given. */
  readonly why: string | null;
}

/** How a running station is. */
export interface StationStatus {
  readonly v: 1;
  readonly station: string;
  readonly recipe: string;
  readonly software: string;
  readonly wallMs: number;
  readonly uptimeMs: number;
  readonly classifier: PartStatus;
  readonly camera: PartStatus;
  readonly ledger: PartStatus;
  readonly line: LineStatus;
  readonly uplink: UplinkStatus;
  /** Since the station started. */
  readonly sinceStart: {
    readonly parts: number;
    readonly outcomes: Counts;
    readonly reasons: Counts;
    readonly findings: Counts;
  };
  /** Trigger to verdict since the start, ms; null without verdicts. */
  readonly latencyMs: { readonly p50: number | null; readonly p99: number | null };
  /** Least share of the time to the deadline that was left at a verdict, of the last hundred but one; null without. */
  readonly headroom: number | null;
  readonly disk: { readonly usedShare: number; readonly freeBytes: number } | null;
  readonly lastPart: number | null;
  readonly alarms: readonly Alarm[];
}
