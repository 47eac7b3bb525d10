import type { PartId } from '../../core/part-record.ts';
import type { TrackerEvent } from '../../core/track/events.ts';
import type { LineEvent } from '../../ports/line.ts';

type Interrupted = Extract<LineEvent, { kind: 'interrupted' }>;
type Closed = Extract<TrackerEvent, { kind: 'closed' }>;

interface Kept {
  readonly atNs: number;
  /** `lost`: a line before this one triggered it and is gone. */
  closed: Closed | 'open' | 'lost';
}

/**
 * What the line keeps of the parts that the agent has not acknowledged, so that the next agent can hear of those that the
 * one before left behind.
 */
export class LineMemory {
  readonly #kept = new Map<PartId, Kept>();
  #last: PartId = 0;
  #firstOfAgent: PartId = 0;

  /** The highest number that the line has given. */
  get last(): PartId {
    return this.#last;
  }

  /** Begins anew: with parts that a line before this one left, and numbers that go on after `last`. */
  begin(last: PartId, lost: readonly { readonly part: PartId; readonly atNs: number }[]): void {
    this.#kept.clear();
    this.#last = last;
    this.#firstOfAgent = last + 1;
    for (const { part, atNs } of lost) this.#kept.set(part, { atNs, closed: 'lost' });
  }

  /** A new agent listens from now on: what it must hear of at once, in the order of the triggers. */
  attach(): readonly Interrupted[] {
    this.#firstOfAgent = this.#last + 1;
    const told: Interrupted[] = [];
    for (const [part, kept] of this.#kept) if (kept.closed !== 'open') told.push(interrupted(part, kept));
    return told;
  }

  /** Whether the part was triggered before the present agent listened. */
  isLeftBehind(part: PartId): boolean {
    return part < this.#firstOfAgent;
  }

  triggered(part: PartId, atNs: number): void {
    this.#last = part;
    this.#kept.set(part, { atNs, closed: 'open' });
  }

  closed(event: Closed): void {
    const kept = this.#kept.get(event.part);
    if (kept !== undefined) kept.closed = event;
  }

  /** What a closed part that was left behind is told as; undefined when its record was acknowledged. */
  interruption(part: PartId): Interrupted | undefined {
    const kept = this.#kept.get(part);
    return kept === undefined ? undefined : interrupted(part, kept);
  }

  acknowledged(part: PartId): void {
    this.#kept.delete(part);
  }
}

function interrupted(part: PartId, { atNs, closed }: Kept): Interrupted {
  if (closed === 'open' || closed === 'lost') return { kind: 'interrupted', part, atNs };
  const { kind: _kind, part: _part, ...how } = closed;
  return { kind: 'interrupted', part, atNs, closed: how };
}
