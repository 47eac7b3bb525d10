import type { Action, Cause, Confirmation, PartId, Verdict } from '../core/part-record.ts';

/** What the line tells the station. Times are monotonic ns. */
export type LineEvent =
  | { readonly kind: 'trigger'; readonly part: PartId; readonly atNs: number }
  /** The gate's decision about a part is final: nothing that comes later moves it. */
  | {
      readonly kind: 'resolved';
      readonly part: PartId;
      readonly action: Action;
      readonly cause: Cause;
      readonly atNs: number;
    }
  /** The part is past the gate and its confirmation window; its record can close. */
  | {
      readonly kind: 'closed';
      readonly part: PartId;
      readonly action: Action;
      readonly tooClose: boolean;
      readonly confirmation: Confirmation;
      readonly atNs: number;
    }
  /** A part that was open when the agent before this one died; what the gate did to it is not known. */
  | { readonly kind: 'interrupted'; readonly part: PartId; readonly atNs: number }
  | { readonly kind: 'verdict-late'; readonly part: PartId; readonly atNs: number }
  | { readonly kind: 'gate'; readonly state: 'active' | 'inactive'; readonly atNs: number }
  | { readonly kind: 'trigger-ignored'; readonly atNs: number }
  | { readonly kind: 'confirmation-unexpected'; readonly atNs: number }
  | { readonly kind: 'stop-line'; readonly atNs: number }
  | { readonly kind: 'fault'; readonly message: string; readonly atNs: number };

/** The line's inputs and the reject gate, as parts and verdicts. Every trigger that it reports it also resolves and closes. */
export interface Line {
  /** Starts to watch; part numbers go on from `firstPart` or later. Rejects with a LinegateError 'device' or 'bad-config'. */
  start(firstPart: PartId, listener: (event: LineEvent) => void): Promise<void>;
  /** Gives the verdict of a part; after its deadline it changes nothing but is told back as `verdict-late`. */
  resolve(part: PartId, verdict: Verdict): void;
  /** The record of this part is durable: the line may forget it. */
  acknowledge(part: PartId): void;
  /** De-energises the gate and closes what is open, as `aborted`. */
  stop(): Promise<void>;
}
