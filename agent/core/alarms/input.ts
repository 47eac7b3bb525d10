import type { Action, Confirmation } from '../part-record.ts';

/** When a person is called; the names are those of the station's configuration. */
export interface AlarmLimits {
  readonly rejectsInARow: number;
  readonly unconfirmedInARow: number;
  /** Share of parts without a verdict, among the last hundred. */
  readonly noVerdictShare: number;
  readonly cameraStalledMs: number;
  readonly ledgerSlowMs: number;
  /** Least time left between verdict and deadline, as a share of the time from trigger to deadline. */
  readonly headroom: number;
  /** Share of the disk in use at which it counts as filling. */
  readonly dropPicturesAt: number;
}

/** What a closed record means to the alarms. */
export interface RecordedPart {
  readonly kind: 'part';
  readonly part: number;
  /** `void`: nobody could have judged it, because the agent or the line was not running. */
  readonly outcome: 'pass' | 'reject' | 'review' | 'no-verdict' | 'void';
  readonly action: Action;
  readonly confirmation: Confirmation;
  /** Whether the camera gave a frame; `not-asked` where it could not have. */
  readonly frame: 'taken' | 'missed' | 'not-asked';
  /** Share of the time from trigger to deadline that was left at the verdict, 0 for a late one; null without a verdict. */
  readonly headroom: number | null;
}

/** All that can raise or clear an alarm. */
export type AlarmInput =
  | RecordedPart
  | { readonly kind: 'unseen-part' }
  | { readonly kind: 'camera'; readonly state: 'ok' }
  | { readonly kind: 'camera'; readonly state: 'failing'; readonly message: string }
  | { readonly kind: 'classifier'; readonly state: 'up' }
  | { readonly kind: 'classifier'; readonly state: 'down'; readonly detail: string }
  | { readonly kind: 'ledger'; readonly state: 'ok' }
  | { readonly kind: 'ledger'; readonly state: 'failing'; readonly message: string }
  /** How long a row waited for the disk. */
  | { readonly kind: 'commit'; readonly tookMs: number }
  /** `full`: nothing is left that could be given up. */
  | { readonly kind: 'disk'; readonly usedShare: number; readonly full: boolean }
  | { readonly kind: 'clock-step'; readonly byMs: number }
  | { readonly kind: 'line-fault'; readonly message: string }
  /** `unknown`: the line does not tell it now. */
  | { readonly kind: 'ready'; readonly state: 'on' | 'unknown' }
  /** `why` is what stands against it, by the line's names. */
  | { readonly kind: 'ready'; readonly state: 'off'; readonly why: readonly string[] }
  | { readonly kind: 'bin'; readonly state: 'ok' | 'full' }
  | { readonly kind: 'uplink'; readonly state: 'connected' }
  | { readonly kind: 'uplink'; readonly state: 'disconnected' | 'unanswered'; readonly reason: string }
  | { readonly kind: 'uplink'; readonly state: 'conflict'; readonly detail: string }
  /** Time passed. */
  | { readonly kind: 'tick' };

/** When an input came: monotonic ms for spans, wall time for people. */
export interface AlarmMoment {
  readonly nowMs: number;
  readonly wallMs: number;
}
