import type { AlarmChange } from '../core/alarms/alarm.ts';
import type { ClosedPart, PartId, Verdict } from '../core/part-record.ts';
import type { Finding } from '../core/reconcile/finding.ts';
import type { LineEvent } from '../ports/line.ts';

/** What the pipeline tells whoever watches (log, live view, simulation's judge). Nothing here is needed to sort parts. */
export type Observation =
  /** A part's record is durable under `seq`; null when the ledger's queue was full and folded it into a gap row. */
  | { readonly kind: 'recorded'; readonly record: ClosedPart; readonly seq: number | null }
  /** The agent before this one made the part's record durable under `seq` and died before anybody heard so. */
  | { readonly kind: 'known'; readonly record: ClosedPart; readonly seq: number }
  | { readonly kind: 'verdict'; readonly part: PartId; readonly verdict: Verdict; readonly latencyNs: number }
  | { readonly kind: 'line'; readonly event: LineEvent }
  /** Photo-eye, gate and confirmation sensor disagree. */
  | { readonly kind: 'finding'; readonly finding: Finding }
  | ({ readonly kind: 'alarm' } & AlarmChange)
  | { readonly kind: 'picture-lost'; readonly part: PartId }
  /** Something that must not happen did; the part, where there is one, is left to the fail-safe. */
  | { readonly kind: 'broken'; readonly part: PartId | undefined; readonly message: string };

export type Observe = (observation: Observation) => void;
