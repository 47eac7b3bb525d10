import type { PartId, Verdict } from '../core/part-record.ts';
import type { TrackerEvent } from '../core/track/events.ts';

/** How a part closed while no agent listened. */
export type ClosedByLine = Omit<Extract<TrackerEvent, { kind: 'closed' }>, 'kind' | 'part'>;

/** Where the belt was when something happened, beside its time. */
interface OnBelt {
  /**
   * The furthest that the belt had come, in counts of its encoder: it stands when the belt stands and never goes back, but for
   * a line that was started again, which begins anew. Left out by a line whose base is time, and where nobody can know it.
   */
  readonly beltCounts?: number;
}

/** What the line tells the station: what the tracker tells, wherever it runs, and what happened to the line itself. */
export type LineEvent = OnBelt & Happening;

type Happening =
  | TrackerEvent
  /** The second gate moved, which throws out parts under review. */
  | (Omit<Extract<TrackerEvent, { kind: 'gate' }>, 'kind'> & { readonly kind: 'review-gate' })
  /**
   * A part whose record the agent before this one did not acknowledge, or that came while there was none. Told once the
   * part has closed; without `closed`, what the gate did to it is not known, because the line died with that agent. A part
   * that this agent has open can be told so as well, when the line died under it.
   */
  | { readonly kind: 'interrupted'; readonly part: PartId; readonly atNs: number; readonly closed?: ClosedByLine }
  /** The sensor at the gate saw a part, whatever the photo-eye saw of it. */
  | { readonly kind: 'at-gate'; readonly atNs: number }
  /**
   * It saw one while the belt was `backCounts` behind `beltCounts`, on a stretch that had passed before: most likely a part
   * that it had seen before.
   */
  | { readonly kind: 'at-gate-again'; readonly backCounts: number; readonly atNs: number }
  /** An edge of the photo-eye that opened no part: the belt had gone back, or the gate is being measured. */
  | {
      readonly kind: 'trigger-ignored';
      readonly reason: 'counted' | 'uncounted' | 'commissioning';
      readonly atNs: number;
    }
  /** Parts that the line had to forget before anybody acknowledged them. `acknowledge(toPart)` says that this is recorded. */
  | { readonly kind: 'parts-lost'; readonly fromPart: PartId; readonly toPart: PartId; readonly atNs: number }
  /** The belt's encoder: null when the belt stands; `losses` counts the times that counts were lost. */
  | {
      readonly kind: 'encoder';
      readonly counts: number;
      readonly nsPerCount: number | null;
      readonly losses: number;
      readonly atNs: number;
    }
  /** Whether every part that passes now is inspected and sorted; `why` says what stands against it, empty when on. */
  | { readonly kind: 'ready'; readonly on: boolean; readonly why: readonly string[]; readonly atNs: number }
  /** An input that is only watched. */
  | {
      readonly kind: 'signal';
      readonly signal: 'bin-full' | 'estop-status';
      readonly active: boolean;
      readonly atNs: number;
    }
  | { readonly kind: 'fault'; readonly message: string; readonly atNs: number };

/** The line's inputs and the reject gate, as parts and verdicts. Every trigger that it reports it also resolves and closes. */
export interface Line {
  /** Starts to watch; part numbers go on from `firstPart` or later. Rejects with a LinegateError 'device' or 'bad-config'. */
  start(firstPart: PartId, listener: (event: LineEvent) => void): Promise<void>;
  /** Gives the verdict of a part; after its deadline it changes nothing but is told back as `verdict-late`. */
  resolve(part: PartId, verdict: Verdict): void;
  /** The record of this part is durable: the line may forget it. */
  acknowledge(part: PartId): void;
  /**
   * Somebody at the line lets it go on after a stop. `beltEmpty`: no part lies between photo-eye and gate, so that what
   * stands against ready because of such parts is over. False when the line cannot be told now.
   */
  resume(beltEmpty: boolean): boolean;
  /**
   * De-energises the gate and closes what is open, as `aborted`. A line that outlives the agent sorts on by the fail-safe
   * instead, without ready, and tells the next agent of what is open.
   */
  stop(): Promise<void>;
}
