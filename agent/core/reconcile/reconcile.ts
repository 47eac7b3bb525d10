import type { PartId } from '../part-record.ts';
import type { TrackerEvent } from '../track/events.ts';
import type { Finding } from './finding.ts';

/** Where a part must be seen again, in ns or, where the belt is counted, in counts of its encoder. */
export interface GateSensorWindow {
  readonly base: 'time' | 'encoder';
  /** How far behind its trigger a part must be at the sensor at the gate, both ends counted; `from` is more than 0. */
  readonly from: number;
  readonly to: number;
  /** An edge closer than this behind the one before is a bounce of the same part, as at the photo-eye. */
  readonly dead: number;
}

/**
 * What a line tells, in the order of time. `beltCounts` is the furthest that the belt had come, `counts` where it is; both are
 * looked at where they are the base. Interrupted parts and faults of the line are passed over.
 */
export type ReconcilerInput = { readonly beltCounts?: number } & (
  | TrackerEvent
  | { readonly kind: 'at-gate'; readonly atNs: number }
  | { readonly kind: 'at-gate-again'; readonly backCounts: number; readonly atNs: number }
  | { readonly kind: 'ready'; readonly why: readonly string[]; readonly atNs: number }
  | { readonly kind: 'encoder'; readonly counts: number; readonly atNs: number }
  | {
      readonly kind: 'interrupted' | 'signal' | 'fault' | 'parts-lost' | 'trigger-ignored' | 'review-gate';
      readonly atNs: number;
    }
);

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

/** When and where something happened: ns or counts. */
interface Moment {
  readonly atNs: number;
  readonly place: number;
}

interface Awaited {
  readonly part: PartId;
  readonly place: number;
  /** The sensor may have seen it already, while the belt was not at its furthest. */
  doubtful: boolean;
}

const nothing: readonly Finding[] = [];

/** Parts under way that are followed; the tracker itself follows 256. */
const mostAwaited = 1024;

/** While one of these stands against ready, triggers are not told, or where the belt is is not known. */
const blinding: readonly string[] = ['gatekeeper-gone', 'chip', 'encoder'];

/** Counts that were lost show at the second count afterwards, if they show. */
const soundCounts = 2;

/**
 * Compares the photo-eye with the sensor at the gate, by time or by the place of the belt. All parts have the same window, so
 * windows open and close in the order of the triggers, and giving each edge to the oldest part that it can be of matches as
 * many as can be matched. An edge that is left over is a part that no trigger saw; a part whose window is over came to nothing.
 */
export class Reconciler {
  readonly #window: GateSensorWindow;
  /** From where on all triggers are told; infinite while nobody knows. */
  #since: number;
  #inReach = false;
  #lastEdge = Number.NEGATIVE_INFINITY;
  #awaited: Awaited[] = [];
  #first = 0;
  /** Found where the belt was by its counts, which may turn out to be wrong. */
  #unsure: { readonly finding: Finding; readonly place: number }[] = [];
  readonly #counts = { photoEye: 0, gate: 0, ejectedByUs: 0, confirmed: 0, unknown: 0, overflowed: 0 };

  /** By time, all triggers are told from `nowNs` on; by counts, from when the line first tells whether it is ready. */
  constructor(window: GateSensorWindow, nowNs: number) {
    this.#window = window;
    this.#since = window.base === 'time' ? nowNs : Number.POSITIVE_INFINITY;
  }

  /** Takes what happened and says what it brings to light. */
  take(event: ReconcilerInput): readonly Finding[] {
    const place = this.#window.base === 'time' ? event.atNs : event.beltCounts;
    const found = this.#compare(event, place);
    const sure = this.#sure(event.kind === 'encoder' ? event.counts : place);
    return sure.length === 0 ? found : [...sure, ...found];
  }

  /** The counts so far. */
  counts(): ReconcilerCounts {
    return { ...this.#counts };
  }

  #compare(event: ReconcilerInput, place: number | undefined): readonly Finding[] {
    switch (event.kind) {
      case 'ready':
        this.#ready(event.why, place);
        return nothing;
      case 'closed':
        return this.#closed(event, place);
      case 'trigger':
        return place === undefined ? nothing : this.#trigger(event.part, { atNs: event.atNs, place });
      case 'at-gate':
        return place === undefined ? nothing : this.#atGate({ atNs: event.atNs, place });
      case 'at-gate-again':
        return place === undefined ? nothing : this.#atGateAgain(event.backCounts, { atNs: event.atNs, place });
      default:
        return nothing;
    }
  }

  /** Findings after which the belt has gone on without a doubt about its counts. */
  #sure(place: number | undefined): readonly Finding[] {
    if (this.#unsure.length === 0 || place === undefined) return nothing;
    const isSure = (each: { readonly place: number }): boolean => each.place + soundCounts <= place;
    const sure = this.#unsure.filter(isSure);
    this.#unsure = this.#unsure.filter((each) => !isSure(each));
    return sure.map(({ finding }) => finding);
  }

  #trigger(part: PartId, moment: Moment): readonly Finding[] {
    const missing = this.#expire(moment);
    this.#counts.photoEye += 1;
    // Where this part will be is as unknown as where the belt is.
    if (this.#since === Number.POSITIVE_INFINITY) return missing;
    this.#awaited.push({ part, place: moment.place, doubtful: false });
    if (this.#awaited.length - this.#first > mostAwaited) {
      this.#counts.overflowed += 1;
      this.#drop();
    }
    return missing;
  }

  #atGate(moment: Moment): readonly Finding[] {
    const { from, to, dead } = this.#window;
    const { place, atNs } = moment;
    const missing = this.#expire(moment);
    if (place - this.#lastEdge < dead) return missing;
    this.#lastEdge = place;
    this.#counts.gate += 1;
    const head = this.#awaited[this.#first];
    if (head !== undefined && head.place + from <= place) {
      this.#drop();
      if (head.doubtful) this.#passDoubtOn(place);
      return missing;
    }
    if (place - to < this.#since) {
      this.#counts.unknown += 1;
      return missing;
    }
    const finding = { kind: 'unseen-part', atNs } as const;
    if (this.#window.base === 'time') return [...missing, finding];
    this.#unsure.push({ finding, place });
    return missing;
  }

  /** If that part was the one seen before, this edge was of the next. */
  #passDoubtOn(place: number): void {
    const next = this.#awaited[this.#first];
    if (next !== undefined && next.place + this.#window.from <= place) next.doubtful = true;
  }

  /**
   * The belt goes over a stretch anew. Mostly that is a part that was seen, so it is not taken for another; but one whose first
   * sight this was, as when the belt rocks under it, must not be called missing.
   */
  #atGateAgain(backCounts: number, moment: Moment): readonly Finding[] {
    const { from, to } = this.#window;
    const missing = this.#expire(moment);
    const place = moment.place - backCounts;
    for (const part of this.#awaited.slice(this.#first)) {
      if (part.place + from <= place && place <= part.place + to) part.doubtful = true;
    }
    return missing;
  }

  #closed(event: Extract<TrackerEvent, { kind: 'closed' }>, place: number | undefined): readonly Finding[] {
    const missing = place === undefined ? nothing : this.#expire({ atNs: event.atNs, place });
    if (event.action === 'eject') this.#counts.ejectedByUs += 1;
    if (event.confirmation === 'confirmed') this.#counts.confirmed += 1;
    if (event.action === 'aborted') {
      // The line was stopped: nobody sees any more what comes to the gate.
      this.#forget();
    }
    return missing;
  }

  /** A line in another process tells ready first when it is in reach; parts from before have no trigger here. */
  #ready(why: readonly string[], place: number | undefined): void {
    if (why.some((doubt) => blinding.includes(doubt))) {
      this.#inReach = false;
      this.#since = Number.POSITIVE_INFINITY;
      // A line that was started again counts anew.
      this.#lastEdge = Number.NEGATIVE_INFINITY;
      this.#unsure = [];
      this.#forget();
    } else if (!this.#inReach && place !== undefined) {
      this.#inReach = true;
      this.#since = place;
    }
  }

  #forget(): void {
    this.#awaited = [];
    this.#first = 0;
  }

  /** Parts whose window is over. */
  #expire({ place, atNs }: Moment): readonly Finding[] {
    let missing: Finding[] | undefined;
    for (let head = this.#awaited[this.#first]; head !== undefined; head = this.#awaited[this.#first]) {
      if (head.place + this.#window.to >= place) break;
      if (!head.doubtful) {
        missing ??= [];
        missing.push({ kind: 'missing-part', part: head.part, atNs });
      }
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
