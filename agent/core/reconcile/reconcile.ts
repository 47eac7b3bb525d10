import type { PartId } from '../part-record.ts';
import type { TrackerEvent } from '../track/events.ts';
import type { Finding } from './finding.ts';

/** When, after its trigger, a part must be at the sensor at the gate, both ends counted. In ns; `fromNs` is more than 0. */
export interface GateSensorWindow {
  readonly fromNs: number;
  readonly toNs: number;
}

/** What a line tells, in the order of time. Interrupted parts and faults of the line are passed over. */
export type ReconcilerInput =
  | TrackerEvent
  | { readonly kind: 'at-gate'; readonly atNs: number }
  | { readonly kind: 'ready'; readonly why: readonly string[]; readonly atNs: number }
  | {
      readonly kind: 'interrupted' | 'signal' | 'fault' | 'encoder' | 'parts-lost' | 'trigger-ignored' | 'review-gate';
      readonly atNs: number;
    };

/** Parts that each sensor has counted since the start; those of an agent before this one are not in it. */
export interface ReconcilerCounts {
  readonly photoEye: number;
  readonly gate: number;
  /** Parts that closed as ejected. */
  readonly ejectedByUs: number;
  /** Of them, those that the sensor in the chute saw. */
  readonly confirmed: number;
  /** Edges at the gate that may be of parts from before the start, so that nothing can be said of them. */
  readonly unknown: number;
  /** Parts that nothing will be said of, because more were under way than can be followed. */
  readonly overflowed: number;
}

interface Awaited {
  readonly part: PartId;
  readonly atNs: number;
}

const nothing: readonly Finding[] = [];

/** Parts under way that are followed; the tracker itself follows 256. */
const mostAwaited = 1024;

/**
 * Compares the photo-eye with the sensor at the gate. All parts have the same window, so windows open and close in the
 * order of the triggers, and giving each edge to the oldest part that it can be of matches as many as can be matched. An
 * edge that is left over is a part that no trigger saw; a part whose window is over came to nothing.
 */
export class Reconciler {
  readonly #window: GateSensorWindow;
  #sinceNs: number;
  #inReach = false;
  #awaited: Awaited[] = [];
  #first = 0;
  readonly #counts = { photoEye: 0, gate: 0, ejectedByUs: 0, confirmed: 0, unknown: 0, overflowed: 0 };

  /** `sinceNs`: from when on all triggers are told. */
  constructor(window: GateSensorWindow, sinceNs: number) {
    this.#window = window;
    this.#sinceNs = sinceNs;
  }

  /** Takes what happened and says what it brings to light. */
  take(event: ReconcilerInput): readonly Finding[] {
    switch (event.kind) {
      case 'trigger':
        return this.#trigger(event);
      case 'at-gate':
        return this.#atGate(event.atNs);
      case 'closed':
        return this.#closed(event);
      case 'ready':
        this.#ready(event.why, event.atNs);
        return nothing;
      default:
        return nothing;
    }
  }

  /** The counts so far. */
  counts(): ReconcilerCounts {
    return { ...this.#counts };
  }

  #trigger({ part, atNs }: Awaited): readonly Finding[] {
    const missing = this.#expire(atNs);
    this.#counts.photoEye += 1;
    this.#awaited.push({ part, atNs });
    if (this.#awaited.length - this.#first > mostAwaited) {
      this.#counts.overflowed += 1;
      this.#drop();
    }
    return missing;
  }

  #atGate(atNs: number): readonly Finding[] {
    const missing = this.#expire(atNs);
    this.#counts.gate += 1;
    const head = this.#awaited[this.#first];
    if (head !== undefined && head.atNs + this.#window.fromNs <= atNs) {
      this.#drop();
      return missing;
    }
    if (atNs - this.#window.toNs < this.#sinceNs) {
      this.#counts.unknown += 1;
      return missing;
    }
    return [...missing, { kind: 'unseen-part', atNs }];
  }

  #closed({ action, confirmation, atNs }: Extract<TrackerEvent, { kind: 'closed' }>): readonly Finding[] {
    const missing = this.#expire(atNs);
    if (action === 'eject') this.#counts.ejectedByUs += 1;
    if (confirmation === 'confirmed') this.#counts.confirmed += 1;
    if (action === 'aborted') {
      // The line was stopped: nobody sees any more what comes to the gate.
      this.#forget();
    }
    return missing;
  }

  /** A line in another process tells ready first when it is in reach; parts from before have no trigger here. */
  #ready(why: readonly string[], atNs: number): void {
    if (why.includes('gatekeeper-gone')) {
      this.#inReach = false;
      this.#sinceNs = Number.POSITIVE_INFINITY;
      this.#forget();
    } else if (!this.#inReach) {
      this.#inReach = true;
      this.#sinceNs = this.#sinceNs === Number.POSITIVE_INFINITY ? atNs : Math.max(this.#sinceNs, atNs);
    }
  }

  #forget(): void {
    this.#awaited = [];
    this.#first = 0;
  }

  /** Parts whose window is over at `nowNs`. */
  #expire(nowNs: number): readonly Finding[] {
    let missing: Finding[] | undefined;
    for (let head = this.#awaited[this.#first]; head !== undefined; head = this.#awaited[this.#first]) {
      if (head.atNs + this.#window.toNs >= nowNs) break;
      missing ??= [];
      missing.push({ kind: 'missing-part', part: head.part, atNs: nowNs });
      this.#drop();
    }
    return missing ?? nothing;
  }

  /** Forgets the oldest; the list is cut when half of it is forgotten, so that each part is moved about once. */
  #drop(): void {
    this.#first += 1;
    if (this.#first < 32 || this.#first * 2 < this.#awaited.length) return;
    this.#awaited = this.#awaited.slice(this.#first);
    this.#first = 0;
  }
}
