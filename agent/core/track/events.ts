import type { Action, Cause, Confirmation, PartId, Verdict } from '../part-record.ts';

/** Every event says in which call it happened: the call's time, or the latest one before if that was later. */
interface Happened {
  readonly atNs: number;
}

/** Something that the passing of time brought: when it was due, and how much later the host got to it. */
interface Due extends Happened {
  readonly scheduledNs: number;
  readonly lateNs: number;
}

interface Settled extends Due {
  readonly part: PartId;
  readonly verdict: Verdict | 'none';
  /** The part was flagged; `cause` is `too-close` only where that changed what was done. */
  readonly tooClose: boolean;
}

/** What the tracker tells. The rules behind it are in agent/native/track/track.h. */
export type TrackerEvent =
  | (Happened & { readonly kind: 'trigger'; readonly part: PartId; readonly deadlineNs: number })
  | (Happened & { readonly kind: 'trigger-ignored'; readonly reason: 'bounce' | 'stopped' })
  /** Told once for each of the two parts. */
  | (Happened & { readonly kind: 'too-close'; readonly part: PartId; readonly neighbour: PartId })
  | (Settled & { readonly kind: 'resolved'; readonly action: 'eject' | 'pass'; readonly cause: Cause })
  /** `part` is the one whose window begins or ends the pulse. */
  | (Due & { readonly kind: 'gate'; readonly state: 'active' | 'inactive'; readonly part: PartId })
  /** The host came when the part's window was over; `scheduledNs` is when the pulse should have begun. */
  | (Due & { readonly kind: 'missed-pulse'; readonly part: PartId })
  | (Happened & {
      readonly kind: 'verdict-late' | 'verdict-unknown' | 'verdict-repeated';
      readonly part: PartId;
      readonly verdict: Verdict;
    })
  /** Of no part: nothing that the gate ejected can be there now. */
  | (Happened & { readonly kind: 'confirmation'; readonly part: PartId | undefined })
  | (Settled & {
      readonly kind: 'closed';
      readonly action: Exclude<Action, 'unknown'>;
      /** `stopped`: the tracker was stopped before the part's deadline. */
      readonly cause: Cause | 'stopped';
      readonly confirmation: Confirmation;
    })
  /** Not told again until `resume`. */
  | (Happened & { readonly kind: 'stop-line'; readonly part: PartId; readonly reason: 'fail-safe' | 'too-close' });
