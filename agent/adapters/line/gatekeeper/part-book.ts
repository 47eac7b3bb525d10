import type { PartId } from '../../../core/part-record.ts';
import type { TrackerEvent } from '../../../core/track/events.ts';
import type { ClosedByLine, LineEvent } from '../../../ports/line.ts';
import { PartRanges } from './part-ranges.ts';

type Interrupted = Extract<LineEvent, { kind: 'interrupted' }>;
type Resolved = Extract<TrackerEvent, { kind: 'resolved' }>;

interface Known {
  readonly atNs: number;
  readonly deadlineNs: number;
  state: 'open' | 'resolved' | 'closed';
}

/** What to do about a part that the gatekeeper brings back: tell these, or acknowledge it once more. */
export interface BroughtBack {
  readonly tell: readonly LineEvent[];
  readonly acknowledge: boolean;
}

/**
 * What the station has heard of each part. A gatekeeper that this agent attaches to again tells of every part that it has
 * no acknowledgement for; the station must hear of each once, and go on with those that it has open.
 */
export class PartBook {
  readonly #told = new PartRanges();
  /** Told and not acknowledged by the station; not more than the gatekeeper's ring holds. */
  readonly #known = new Map<PartId, Known>();
  #oldestOfRing: PartId = 1;

  /** The number that a part after those that were told has. */
  get next(): PartId {
    return this.#told.highest + 1;
  }

  /** Takes note of an event that the station is told as it is. */
  live(event: LineEvent): void {
    switch (event.kind) {
      case 'trigger': {
        const { part, atNs, deadlineNs } = event;
        this.#told.add(part);
        this.#known.set(part, { atNs, deadlineNs, state: 'open' });
        break;
      }
      case 'resolved':
      case 'closed':
        this.#moved(event.part, event.kind);
        break;
      default:
        break;
    }
  }

  /** A part that an agent left open, perhaps this one while it had no connection. */
  broughtBack(event: Interrupted): BroughtBack {
    const { part, closed } = event;
    const known = this.#known.get(part);
    if (known === undefined && this.#told.has(part)) return { tell: [], acknowledge: true };
    if (known?.state === 'closed') return { tell: [], acknowledge: false };
    this.#told.add(part);
    this.#known.set(part, { atNs: event.atNs, deadlineNs: event.atNs, state: 'closed' });
    if (known === undefined || closed === undefined) return { tell: [event], acknowledge: false };
    const resolved = known.state === 'open' ? resolution(part, known, closed) : [];
    return { tell: [...resolved, { kind: 'closed', part, ...closed }], acknowledge: false };
  }

  /** The gatekeeper's ring begins anew with this part: of those before it nothing more will be told. */
  newRing(oldest: PartId): readonly Interrupted[] {
    this.#oldestOfRing = oldest;
    return this.lost(1, oldest - 1);
  }

  /** The gatekeeper had to forget these: what is open here of them ends so, and none will be brought back. */
  lost(from: PartId, to: PartId): readonly Interrupted[] {
    const ended: Interrupted[] = [];
    for (const [part, { atNs, state }] of this.#known) {
      if (part < from || part > to) continue;
      this.#known.delete(part);
      if (state !== 'closed') ended.push({ kind: 'interrupted', part, atNs });
    }
    return ended;
  }

  /** Whether the gatekeeper can know of the part. */
  isOfThisRing(part: PartId): boolean {
    return part >= this.#oldestOfRing;
  }

  acknowledged(part: PartId): void {
    this.#known.delete(part);
  }

  #moved(part: PartId, state: 'resolved' | 'closed'): void {
    const known = this.#known.get(part);
    if (known !== undefined) known.state = state;
  }
}

/** The resolution that was not heard; a part that was aborted may have had none. */
function resolution(part: PartId, { deadlineNs }: Known, closed: ClosedByLine): Resolved[] {
  const { action, cause, verdict, tooClose } = closed;
  if (action === 'aborted' || cause === 'stopped') return [];
  const scheduledNs = deadlineNs;
  const done = action === 'pass' ? 'pass' : 'eject';
  return [
    { kind: 'resolved', part, action: done, cause, verdict, tooClose, atNs: scheduledNs, scheduledNs, lateNs: 0 },
  ];
}
